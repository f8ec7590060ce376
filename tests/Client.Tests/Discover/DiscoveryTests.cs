using System.Text.Json;
using System.Text.Json.Nodes;
using CapifOrleans.Client.Tests.Foreign;
using CapifOrleans.Tls.Tests;

namespace CapifOrleans.Client.Tests.Discover;

/// <summary>TS 29.222 5.2.2, 8.1: filters, and descriptions of releases that are not known yet.</summary>
public sealed class DiscoveryTests(TestPki pki) : Scene(pki)
{
    [Fact]
    public async Task Filter_GoesIntoTheQuery_8_1_2_2_3_1()
    {
        using var invoker = await OnboardAsync();
        await invoker.DiscoverAsync(new DiscoveryFilter
        {
            ApiName = "a b&c",
            ApiVersion = "v1",
            CommType = "REQUEST_RESPONSE",
            Protocol = "HTTP_2",
            AefId = "aef",
            DataFormat = "JSON",
            ApiCategory = "cat",
            ApiSupportedFeatures = "3",
            Further = new Dictionary<string, string> { ["supported-features"] = "2" },
        });
        Assert.Equal(
            "?api-invoker-id=invoker-1&api-name=a%20b%26c&api-version=v1&comm-type=REQUEST_RESPONSE&protocol=HTTP_2&aef-id=aef&data-format=JSON&api-cat=cat"
            + "&api-supported-features=3&supported-features=2",
            Core.Requests.Last().Query);
    }

    [Fact]
    public async Task WhatIsNotKnown_IsKeptOrPassedOver()
    {
        Core.Discovered = JsonNode.Parse("""
            {"serviceAPIDescriptions":[{"apiName":"n","serviceAPICategory":"c","shareableInfo":{"isShareable":true},"aefProfiles":[{"aefId":"a","protocol":"HTTP_3",
              "securityMethods":["QUANTUM","PKI"],"vendorSpecific-x":1,"versions":[{"apiVersion":"v1","expiry":"2030-01-01T00:00:00Z","custOperations":[{"custOpName":"o"}]}],
              "interfaceDescriptions":[{"ipv4Addr":"192.0.2.1","securityMethods":["OAUTH"],"grantTypes":["X"]}]}]}],"suppFeat":"1"}
            """)!;
        using var invoker = await OnboardAsync();
        var api = Assert.Single(await invoker.DiscoverAsync());
        var profile = Assert.Single(api.AefProfiles);
        Assert.Equal(("n", "c", "HTTP_3"), (api.ApiName, api.ServiceApiCategory, profile.Protocol));
        Assert.Equal([SecurityMethod.Pki], profile.SecurityMethods);
        Assert.Equal([SecurityMethod.Oauth], profile.InterfaceDescriptions[0].SecurityMethods!);
        Assert.True(api.Further!["shareableInfo"].GetProperty("isShareable").GetBoolean());
        Assert.Equal(1, profile.Further!["vendorSpecific-x"].GetInt32());
        Assert.Equal(JsonValueKind.Array, profile.Versions[0].Further!["custOperations"].ValueKind);
    }

    [Fact]
    public async Task NothingFound_IsAnEmptyList_HoweverItIsSaid()
    {
        using var invoker = await OnboardAsync();
        Assert.Empty(await invoker.DiscoverAsync());
        Core.Instead = async (http, _) =>
        {
            await ForeignServer.ProblemAsync(http, 404, "No API Published accomplish filter conditions");
            return true;
        };
        Assert.Empty(await invoker.DiscoverAsync());
    }

    [Fact]
    public async Task WhatIsNoAnswer_IsAFault()
    {
        using var invoker = await OnboardAsync();
        Core.Discovered = new JsonArray();
        await Assert.ThrowsAsync<CapifException>(() => invoker.DiscoverAsync());
        Core.Instead = async (http, _) =>
        {
            http.Response.ContentLength = 20_000_000;
            await http.Response.Body.WriteAsync(new byte[20_000_000]);
            return true;
        };
        await Assert.ThrowsAnyAsync<Exception>(() => invoker.DiscoverAsync());
    }
}
