using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>TS 29.222 8.5.4.2.6: the scope grammar, with and without CAPIF_Ext1 and CAPIF_Ext2.</summary>
public sealed class AccessScopeTests
{
    private static readonly ScopeGrammar Plain = new(HasFinerLevel: false, HasSeveralStrings: false);
    private static readonly ScopeGrammar Ext1 = new(HasFinerLevel: true, HasSeveralStrings: false);
    private static readonly ScopeGrammar Ext2 = new(HasFinerLevel: false, HasSeveralStrings: true);
    private static readonly ScopeGrammar Both = new(HasFinerLevel: true, HasSeveralStrings: true);

    [Theory]
    [InlineData("3gpp#aef1:api1")]
    [InlineData("3gpp#aef1:api1,api2;aef2:api3")]
    [InlineData("3gpp#aef1:3gpp-monitoring-event.v1")]
    public void WellFormed_IsReadAndWrittenAlike_ByEveryGrammar(string text)
    {
        foreach (var grammar in new[] { Plain, Ext1, Ext2, Both })
        {
            Assert.True(AccessScope.TryParse(text, grammar, out var scope, out _));
            Assert.Equal(text, scope.ToString());
        }
    }

    [Theory]
    [InlineData("3gpp#aef1:3gpp-monitoring-event:res.subscriptions,3gpp-as-session-with-qos:res.subscriptions:op.create")]
    [InlineData("3gpp#a:x:op.read")]
    [InlineData("3gpp#a:x:res.v1.things;b:y")]
    public void FinerLevel_IsReadAndWrittenAlike_WithCapifExt1(string text)
    {
        Assert.True(AccessScope.TryParse(text, Ext1, out var scope, out _));
        Assert.Equal(text, scope.ToString());
        Assert.True(AccessScope.TryParse(text, Both, out _, out _));
        Assert.False(AccessScope.TryParse(text, Plain, out _, out var reason));
        Assert.Contains("without ':'", reason, StringComparison.Ordinal);
        Assert.False(AccessScope.TryParse(text, Ext2, out _, out _));
    }

    [Fact]
    public void FinerLevel_KeepsResourcesAndOperationsApart()
    {
        Assert.True(AccessScope.TryParse("3gpp#a:x:res.v1.things:op.create", Ext1, out var scope, out _));
        var items = scope.Aefs.Single().Apis.Single().Items;
        Assert.Equal("res.v1.things op.create", string.Join(" ", items));
    }

    [Theory]
    [InlineData("location-retrieval:read openid", "location-retrieval openid")]
    [InlineData("3gpp#a:x location-retrieval:read:more", "location-retrieval")]
    [InlineData("things", "things")]
    public void SeveralStrings_AreReadAndWrittenAlike_WithCapifExt2(string text, string apiNames)
    {
        Assert.True(AccessScope.TryParse(text, Ext2, out var scope, out _));
        Assert.Equal(text, scope.ToString());
        Assert.Equal(apiNames, string.Join(' ', scope.Strings.Select(one => one.PlainApiName).OfType<string>()));
        Assert.False(AccessScope.TryParse(text, Plain, out _, out _));
        Assert.False(AccessScope.TryParse(text, Ext1, out _, out _));
    }

    [Fact]
    public void Both_AllowFinerLevelsInEachString()
    {
        const string Text = "3gpp#a:x:res.r location:read 3gpp#b:y";
        Assert.True(AccessScope.TryParse(Text, Both, out var scope, out _));
        Assert.Equal(Text, scope.ToString());
        Assert.Equal("a b", string.Join(' ', scope.Aefs.Select(aef => aef.AefId)));
        Assert.False(AccessScope.TryParse(Text, Ext2, out _, out _));
    }

    [Fact]
    public void SeveralAefs_KeepTheirApis()
    {
        Assert.True(AccessScope.TryParse("3gpp#aef1:api1,api2;aef2:api3", Plain, out var scope, out _));
        var aefs = scope.Aefs.ToList();
        Assert.Equal("aef1 aef2", string.Join(" ", aefs.Select(aef => aef.AefId)));
        Assert.Equal("api1 api2", string.Join(" ", aefs[0].Apis));
    }

    [Fact]
    public void ApiNamedTwice_CountsOnce()
    {
        Assert.True(AccessScope.TryParse("3gpp#a:x,x", Plain, out var scope, out _));
        Assert.Equal("3gpp#a:x", scope.ToString());
    }

    [Theory]
    [InlineData("", "'3gpp'")]
    [InlineData("not-valid-scope", "'3gpp'")]
    [InlineData("3gpp", "'3gpp'")]
    [InlineData("3gpp#", "colon")]
    [InlineData("3gpp#aef1", "colon")]
    [InlineData("3gpp#:api1", "colon")]
    [InlineData("3gpp#a,b:api1", "colon")]
    [InlineData("3gpp#aef1:", "not empty")]
    [InlineData("3gpp#aef1:api1,", "not empty")]
    [InlineData("3gpp#aef1:api1;", "colon")]
    [InlineData("3gpp#aef1:a:res.x", "without ':'")]
    [InlineData("3gpp#aef1:a#b", "without ':'")]
    [InlineData("3gpp#aef1:a;aef1:b", "once")]
    [InlineData("3gpp#aef1:a openid", "spaces")]
    public void Malformed_IsRefusedWithItsReason(string text, string reason) => Refused(text, Plain, reason);

    [Theory]
    [InlineData("3gpp#a:x:", "'res.'")]
    [InlineData("3gpp#a:x:res.", "'res.'")]
    [InlineData("3gpp#a:x:op.", "'res.'")]
    [InlineData("3gpp#a:x:resource", "'res.'")]
    [InlineData("3gpp#a::res.x", "not empty")]
    [InlineData("3gpp#a:x:res.a#b", "without '#'")]
    [InlineData("things", "'3gpp'")]
    public void MalformedFinerLevel_IsRefused(string text, string reason) => Refused(text, Ext1, reason);

    [Theory]
    [InlineData("", "RFC 6749")]
    [InlineData("a  b", "RFC 6749")]
    [InlineData("a ", "RFC 6749")]
    [InlineData(":read", "RFC 6749")]
    [InlineData("a\"b", "RFC 6749")]
    [InlineData("a\\b", "RFC 6749")]
    [InlineData("a\u00e9", "RFC 6749")]
    [InlineData("3gpp#a:x 3gpp#b", "colon")]
    public void MalformedStrings_AreRefused(string text, string reason) => Refused(text, Ext2, reason);

    [Fact]
    public void TooLong_IsRefused() => Refused("3gpp#a:" + new string('x', AccessScope.MaxLength), Plain, "longer");

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("0", false, false)]
    [InlineData("10", true, false)]
    [InlineData("20", false, true)]
    [InlineData("7f", true, true)]
    public void Grammar_FollowsTheFeaturesOfTheContext(string? features, bool finer, bool several)
    {
        SupportedFeatures? negotiated = SupportedFeatures.TryParse(features, out var value) ? value : null;
        Assert.Equal(new ScopeGrammar(finer, several), ScopeGrammar.Of(negotiated));
    }

    private static void Refused(string text, ScopeGrammar grammar, string reason)
    {
        Assert.False(AccessScope.TryParse(text, grammar, out var scope, out var said));
        Assert.Null(scope);
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }
}
