using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>A provider of a test's own: AMF, APF and AEF, and what they do over and over.</summary>
internal sealed class ProviderScenario : IDisposable
{
    public const string Registrations = "/api-provider-management/v1/registrations";

    private readonly CoreFixture _core;

    private ProviderScenario(CoreFixture core)
    {
        _core = core;
        Amf = new DemoParty("amf", core.Target.Root);
        Apf = new DemoParty("apf", core.Target.Root);
        Aef = new DemoParty("aef", core.Target.Root);
    }

    public DemoParty Amf { get; }

    public DemoParty Apf { get; }

    public DemoParty Aef { get; }

    /// <summary>The registration as it was answered.</summary>
    public JsonNode Registered { get; private set; } = null!;

    /// <summary>The registration's path.</summary>
    public string Registration => $"{Registrations}/{Registered["apiProvDomId"]}";

    /// <summary>The path of what its APF publishes.</summary>
    public string Published => $"/published-apis/v1/{Apf.Id}/service-apis";

    public static async Task<ProviderScenario> RegisterAsync(CoreFixture core, string features = "1")
    {
        var made = new ProviderScenario(core);
        using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Registrations, made.Body(features), core.Bearer());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        made.Accept(await CoreFixture.JsonAsync(answer));
        return made;
    }

    /// <summary>A registration's body with the keys of the three.</summary>
    public JsonObject Body(string features = "1") => new()
    {
        ["regSec"] = "anything",
        ["suppFeat"] = features,
        ["apiProvFuncs"] = new JsonArray(Function(Amf, "AMF"), Function(Apf, "APF"), Function(Aef, "AEF")),
    };

    /// <summary>A description of a service API at its AEF; what is changed in its profile is the test's.</summary>
    public JsonObject Description(string? name = null, string features = "0", Action<JsonObject>? profile = null)
    {
        var described = new JsonObject
        {
            ["aefId"] = Aef.Id,
            ["versions"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1" }),
            ["protocol"] = "HTTP_2",
            ["dataFormat"] = "JSON",
            ["securityMethods"] = new JsonArray("OAUTH"),
            ["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv4Addr"] = "192.0.2.77", ["port"] = 443 }),
        };
        profile?.Invoke(described);
        return new JsonObject
        {
            ["apiName"] = name ?? "api-" + Guid.NewGuid().ToString("N"),
            ["supportedFeatures"] = features,
            ["aefProfiles"] = new JsonArray(described),
        };
    }

    /// <summary>Publishes; the answer.</summary>
    public async Task<JsonNode> PublishAsync(JsonObject? description = null)
    {
        using var answer = await _core.SendAsync(Apf, HttpMethod.Post, Published, description ?? Description());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    public void Dispose()
    {
        Amf.Dispose();
        Apf.Dispose();
        Aef.Dispose();
    }

    private static JsonObject Function(DemoParty party, string role) => new()
    {
        ["apiProvFuncRole"] = role,
        ["regInfo"] = new JsonObject { ["apiProvPubKey"] = party.SigningRequest() },
    };

    private void Accept(JsonNode registered)
    {
        Registered = registered;
        DemoParty[] parties = [Amf, Apf, Aef];
        for (var index = 0; index < parties.Length; index++)
        {
            var function = registered["apiProvFuncs"]![index]!;
            parties[index].Accept(function["apiProvFuncId"]!.GetValue<string>(), function["regInfo"]!["apiProvCert"]!.GetValue<string>());
        }
    }
}
