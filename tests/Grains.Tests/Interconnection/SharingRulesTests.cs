using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Interconnection;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Interconnection;

/// <summary>29.222 8.2.4.2.8, 8.2.4.2.9 and 23.222 8.25.2.1: with whom, as what, and where it stops.</summary>
public sealed class SharingRulesTests
{
    private static readonly InterconnectionOptions Own = new() { CcfId = "ccf-a", CapifProvDom = "a" };

    [Theory]
    [InlineData(true, "b", "b", true)]
    [InlineData(true, "b,c", "c", true)]
    [InlineData(true, "b", "c", false)]
    [InlineData(false, "b", "b", false)]
    // Nobody named a domain: our own provider's core functions only.
    [InlineData(true, null, "b", false)]
    [InlineData(true, null, "a", true)]
    public void Shareable_WithItsDomains(bool isShareable, string? domains, string peersDomain, bool expected) =>
        Assert.Equal(expected, SharingRules.IsShared(Api(isShareable, domains), Peer("ccf-x", peersDomain), Own));

    [Fact]
    public void WithoutShareableInfo_IsNotShared() =>
        Assert.False(SharingRules.IsShared(Published(CapifHost.Api("x", "aef") with { ApiId = "1" }), Peer("ccf-x", "a"), Own));

    [Fact]
    public void OverCapif6e_OneDomain_AndNoPathButOurs()
    {
        var sent = SharingRules.ForPeer(Api(true, "b,c"), Peer("ccf-b", "b"), Own);
        Assert.Null(sent.ApiId);
        Assert.Equal("ccf-a", sent.CcfId);
        Assert.Equal("b", Assert.Single(sent.ShareableInfo!.CapifProvDoms!.Value));
        Assert.Equal("ccf-a", Assert.Single(sent.PubApiPath!.CcfIds!.Value));
    }

    [Fact]
    public void LoopOfThree_IsCutByThePath()
    {
        // A to B, both of one provider: B keeps A and itself in the path.
        var atB = new InterconnectionOptions { CcfId = "ccf-b", CapifProvDom = "a" };
        var sent = SharingRules.ForPeer(Api(true, null), Peer("ccf-b", "a"), Own);
        var kept = SharingRules.Received(sent, "ccf-a", atB);
        Assert.Equal("ccf-a,ccf-b", string.Join(',', kept.PubApiPath!.CcfIds!.Value));
        var copy = new PublishedServiceApi { Description = kept with { ApiId = "2" }, ApfId = PublishedServiceApi.ApfIdOf("ccf-a"), ApiProvDomId = "" };
        // B does not send it back; it may go on to C, which then does not send it to A, and whom A would refuse.
        Assert.False(SharingRules.IsShared(copy, Peer("ccf-a", "a"), atB));
        Assert.True(SharingRules.IsShared(copy, Peer("ccf-c", "a"), atB));
        Assert.False(SharingRules.IsShared(copy, Peer("ccf-e", "e"), atB));
        var atC = new InterconnectionOptions { CcfId = "ccf-c", CapifProvDom = "a" };
        var passedOn = SharingRules.ForPeer(copy, Peer("ccf-c", "a"), atB);
        Assert.Equal("ccf-a", passedOn.CcfId);
        var third = new PublishedServiceApi
        {
            Description = SharingRules.Received(passedOn, "ccf-b", atC) with { ApiId = "3" },
            ApfId = PublishedServiceApi.ApfIdOf("ccf-b"),
            ApiProvDomId = "",
        };
        Assert.Equal("ccf-a,ccf-b,ccf-c", string.Join(',', third.Description.PubApiPath!.CcfIds!.Value));
        Assert.False(SharingRules.IsShared(third, Peer("ccf-a", "a"), atC));
        Assert.False(SharingRules.IsShared(third, Peer("ccf-b", "a"), atC));
        Assert.Equal("PUBLISH_LOOP", SharingRules.CheckReceived(third.Description, Peer("ccf-c", "a"), Own)!.Cause);
    }

    [Fact]
    public void OverCapif6e_NobodyPublishesAnothers()
    {
        var claimed = CapifHost.Api("x", "aef") with { CcfId = "ccf-x" };
        Assert.Equal("CCF_NOT_ALLOWED", SharingRules.CheckReceived(claimed, Peer("ccf-b", "b"), Own)!.Cause);
        Assert.Null(SharingRules.CheckReceived(claimed, Peer("ccf-b", "a"), Own));
    }

    private static PublishedServiceApi Api(bool isShareable, string? domains) => Published(CapifHost.Api("x", "aef") with
    {
        ApiId = "1",
        ShareableInfo = new ShareableInformation { IsShareable = isShareable, CapifProvDoms = domains is null ? null : [.. domains.Split(',')] },
    });

    private static PublishedServiceApi Published(ServiceApiDescription description) => new() { Description = description, ApfId = "apf", ApiProvDomId = "dom" };

    private static InterconnectedCcf Peer(string ccfId, string domain) =>
        new() { CcfId = ccfId, Address = "https://x:1", TrustAnchors = "", CapifProvDoms = [domain] };
}
