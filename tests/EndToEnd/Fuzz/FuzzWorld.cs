using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Fuzz;

/// <summary>The parties that fuzzed requests come from, and what there is to be named; whoever is removed by such a request is made anew.</summary>
internal sealed class FuzzWorld(CoreFixture core, Random random) : IDisposable
{
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);
    private DemoParty _invoker = null!;
    private DemoParty _otherAmf = null!;
    private string _otherDomain = "";

    public async Task BeginAsync()
    {
        _invoker = await core.OnboardAsync();
        await RegisterOtherAsync();
    }

    /// <summary>Who sends this request: mostly who may.</summary>
    public (DemoParty Party, bool HasCredential) Sender(DocumentedOperation operation)
    {
        if (random.Next(8) == 0)
            return (new[] { core.Run.Nobody, _invoker, core.Run.Amf, core.Run.Apf, core.Run.Aef }[random.Next(5)], random.Next(2) == 0);
        return operation.Root switch
        {
            "/api-invoker-management/v1" or "/api-provider-management/v1" when operation.Method == "POST" => (core.Run.Nobody, true),
            "/api-provider-management/v1" => (_otherAmf, false),
            "/published-apis/v1" => (core.Run.Apf, false),
            "/access-control-policy/v1" or "/api-invocation-logs/v1" or "/capif-routing-info/v1" => (core.Run.Aef, false),
            "/logs/v1" => (core.Run.Amf, false),
            "/capif-events/v1" => (new[] { _invoker, core.Run.Amf, core.Run.Apf, core.Run.Aef }[random.Next(4)], false),
            "/capif-security/v1" when operation.Method is "GET" or "DELETE" || operation.Path.EndsWith("/delete", StringComparison.Ordinal) => (core.Run.Aef, false),
            _ => (_invoker, false),
        };
    }

    /// <summary>What there is by that name, from the sender's side; null where nothing is known.</summary>
    public JsonNode? Known(DemoParty sender, string name) => name switch
    {
        "onboardingId" or "apiInvokerId" or "securityId" or "api-invoker-id" or "client_id" => _invoker.Id,
        "registrationId" or "apiProvDomId" => _otherDomain,
        "subscriberId" => sender.Id,
        "apfId" => core.Run.Apf.Id,
        "aefId" or "aef-id" => core.Run.Aef.Id,
        "serviceApiId" or "apiId" or "api-id" => random.Next(2) == 0 ? core.Run.ApiId : _made.GetValueOrDefault("service-apis", core.Run.ApiId),
        "apiName" or "api-name" => core.Run.ApiName,
        "subscriptionId" => _made.GetValueOrDefault("subscriptions"),
        "notificationDestination" => "https://127.0.0.1:9/fuzz",
        "apiInvokerPublicKey" or "apiProvPubKey" => NewKey(),
        _ => null,
    };

    /// <summary>After an answer: remembers what was made, and makes anew who is gone.</summary>
    public async Task AfterAsync(DocumentedOperation operation, HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            return;
        if (answer.StatusCode == HttpStatusCode.Created && answer.Headers.Location is { } location)
            _made[location.Segments[^2].TrimEnd('/')] = location.Segments[^1];
        if (operation.Root == "/api-invoker-management/v1" && operation.Method == "DELETE")
        {
            _invoker.Dispose();
            _invoker = await core.OnboardAsync();
        }
        else if (operation.Root == "/api-provider-management/v1" && operation.Method != "POST")
        {
            // An update may have taken its AMF away.
            _otherAmf.Dispose();
            await RegisterOtherAsync();
        }
    }

    public void Dispose()
    {
        _invoker?.Dispose();
        _otherAmf?.Dispose();
    }

    private JsonNode NewKey()
    {
        using var party = new DemoParty("fuzz", core.Target.Root);
        return party.SigningRequest();
    }

    private async Task RegisterOtherAsync()
    {
        _otherAmf = new DemoParty("amf", core.Target.Root);
        var body = new JsonObject
        {
            ["regSec"] = "any",
            ["suppFeat"] = "1",
            ["apiProvFuncs"] = new JsonArray(new JsonObject
            {
                ["regInfo"] = new JsonObject { ["apiProvPubKey"] = _otherAmf.SigningRequest() },
                ["apiProvFuncRole"] = "AMF",
            }),
        };
        using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Post, "/api-provider-management/v1/registrations", body, core.Bearer());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var registered = await CoreFixture.JsonAsync(answer);
        var function = registered["apiProvFuncs"]![0]!;
        _otherDomain = registered["apiProvDomId"]!.GetValue<string>();
        _otherAmf.Accept(function["apiProvFuncId"]!.GetValue<string>(), function["regInfo"]!["apiProvCert"]!.GetValue<string>());
    }
}
