using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.AccessControl;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>
/// Two operators that are interconnected, as in seed 003: A has the AEF, B the API invokers. A third is interconnected with either, and with nobody's
/// good intentions.
/// </summary>
public sealed class OperatorsFixture : IAsyncLifetime
{
    internal OperatorFixture A { get; } = new("ccf-a", "operator-a.example");

    internal OperatorFixture B { get; } = new("ccf-b", "operator-b.example");

    internal OperatorFixture C { get; } = new("ccf-c", "operator-c.example");

    public async Task InitializeAsync()
    {
        await Task.WhenAll(A.InitializeAsync(), B.InitializeAsync(), C.InitializeAsync());
        await OperatorFixture.InterconnectAsync(A, B);
        await OperatorFixture.InterconnectAsync(A, C);
        await OperatorFixture.InterconnectAsync(B, C);
    }

    public async Task DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await C.DisposeAsync();
    }

    /// <summary>Publishes a service API at A that is shared with B; its apiId at A and its name.</summary>
    internal async Task<(string ApiId, string Name)> ShareAsync(params string[] methods)
    {
        var name = "shared-" + Guid.NewGuid().ToString("N");
        return (await A.PublishAsync(A.Api(name, methods, B.Domain)), name);
    }

    /// <summary>As A's operator: lets B's API invokers use a service API.</summary>
    internal async Task AllowAsync(string apiId, string? apiInvokerId = null) => Assert.Null((await A.Core.Administration.AllowPeerAsync(
        B.CcfId, new InterconnectionPolicy { ApiId = apiId, ApiInvokerId = apiInvokerId, Bounds = new ApiInvokerPolicy { ApiInvokerId = "" } }, default)).Refusal);

    /// <summary>A security context's body for A's AEF.</summary>
    internal JsonObject Context(string[] methods, string destination = "https://127.0.0.1:9/revocations") => new()
    {
        ["securityInfo"] = new JsonArray(new JsonObject
        {
            ["aefId"] = A.Run.Aef.Id,
            ["prefSecurityMethods"] = new JsonArray([.. methods.Select(one => (JsonNode)one)]),
        }),
        ["notificationDestination"] = destination,
        ["supportedFeatures"] = "14",
    };

    /// <summary>As an API invoker of B: negotiates; the one entry of the answer.</summary>
    internal async Task<JsonNode> NegotiateAsync(DemoParty invoker, JsonObject context)
    {
        using var answer = await B.SendAsync(invoker, HttpMethod.Put, Trusted(invoker), context);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await CoreFixture.JsonAsync(answer))["securityInfo"]!.AsArray().Single()!;
    }

    /// <summary>As A's AEF: asks for an API invoker of B; status and body.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(DemoParty invoker, string? ccfId = null)
    {
        using var answer = await A.SendAsync(
            A.Run.Aef, HttpMethod.Get, $"{Trusted(invoker)}?authenticationInfo=true&authorizationInfo=true&ccf-id={ccfId ?? B.CcfId}");
        return (answer.StatusCode, await CoreFixture.JsonAsync(answer));
    }

    /// <summary>As an API invoker of B: asks for a token for a service API at A's AEF.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode Body)> TokenAsync(DemoParty invoker, string apiName)
    {
        var form = $"grant_type=client_credentials&client_id={invoker.Id}&scope={Uri.EscapeDataString($"3gpp#{A.Run.Aef.Id}:{apiName}")}";
        using var answer = await B.SendAsync(
            invoker, HttpMethod.Post, $"/capif-security/v1/securities/{invoker.Id}/token", form, null, "application/x-www-form-urlencoded");
        return (answer.StatusCode, await CoreFixture.JsonAsync(answer));
    }

    internal static string Trusted(DemoParty invoker) => $"/capif-security/v1/trustedInvokers/{invoker.Id}";
}

[CollectionDefinition(nameof(OperatorsCollection))]
public sealed class OperatorsCollection : ICollectionFixture<OperatorsFixture>;
