using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>What a test of CAPIF_Security_API does over and over: publish, negotiate, ask for a token.</summary>
internal sealed class SecurityScenario(CoreFixture core)
{
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Publishes a service API of the provider's AEF with two resources; its name and apiId.</summary>
    public async Task<(string Name, string Id)> PublishAsync(params string[] grantTypes)
    {
        var name = "api-" + Guid.NewGuid().ToString("N");
        var profile = new JsonObject
        {
            ["aefId"] = core.Run.Aef.Id,
            ["versions"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["resources"] = new JsonArray(
                    new JsonObject { ["resourceName"] = "things", ["commType"] = "REQUEST_RESPONSE", ["uri"] = "/things", ["operations"] = new JsonArray("GET", "POST") },
                    new JsonObject { ["resourceName"] = "places", ["commType"] = "REQUEST_RESPONSE", ["uri"] = "/places", ["operations"] = new JsonArray("GET") }),
            }),
            ["protocol"] = "HTTP_1_1",
            ["dataFormat"] = "JSON",
            ["securityMethods"] = new JsonArray("OAUTH"),
            ["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv4Addr"] = "127.0.0.1", ["port"] = 443 }),
        };
        if (grantTypes.Length > 0)
            profile["grantTypes"] = new JsonArray([.. grantTypes.Select(one => (JsonNode)one)]);
        var body = new JsonObject { ["apiName"] = name, ["aefProfiles"] = new JsonArray(profile), ["supportedFeatures"] = "80" };
        using var answer = await core.SendAsync(core.Run.Apf, HttpMethod.Post, $"/published-apis/v1/{core.Run.Apf.Id}/service-apis", body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (name, (await CoreFixture.JsonAsync(answer))["apiId"]!.GetValue<string>());
    }

    /// <summary>A security context's body for the provider's AEF.</summary>
    public JsonObject Context(string? features, Action<JsonObject>? entry = null, string destination = "https://127.0.0.1:9/revocations")
    {
        var information = new JsonObject { ["aefId"] = core.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("OAUTH") };
        entry?.Invoke(information);
        var body = new JsonObject { ["securityInfo"] = new JsonArray(information), ["notificationDestination"] = destination };
        if (features is not null)
            body["supportedFeatures"] = features;
        return body;
    }

    public Task<HttpResponseMessage> PutAsync(DemoParty invoker, JsonNode body) =>
        core.SendAsync(invoker, HttpMethod.Put, Trusted(invoker), body);

    /// <summary>Negotiates; the answer.</summary>
    public async Task<JsonNode> NegotiateAsync(DemoParty invoker, JsonNode body)
    {
        using var answer = await PutAsync(invoker, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asks for a token; status and body.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> TokenAsync(DemoParty invoker, params (string Name, string Value)[] parameters)
    {
        var form = new List<(string Name, string Value)> { ("client_id", invoker.Id) };
        if (!parameters.Any(one => one.Name == "grant_type"))
            form.Add(("grant_type", "client_credentials"));
        form.AddRange(parameters);
        var body = string.Join('&', form.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));
        using var answer = await core.SendAsync(invoker, HttpMethod.Post, $"/capif-security/v1/securities/{invoker.Id}/token", body, null, Form);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return (answer.StatusCode, await CoreFixture.JsonAsync(answer));
    }

    /// <summary>A token that must be given; the answer.</summary>
    public async Task<JsonNode> TokenOkAsync(DemoParty invoker, params (string Name, string Value)[] parameters)
    {
        var (status, body) = await TokenAsync(invoker, parameters);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        Assert.Equal("Bearer", body["token_type"]!.GetValue<string>());
        return body;
    }

    /// <summary>A token that must be refused with this error.</summary>
    public async Task TokenRefusedAsync(DemoParty invoker, string error, params (string Name, string Value)[] parameters)
    {
        var (status, body) = await TokenAsync(invoker, parameters);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(error, body["error"]!.GetValue<string>());
    }

    /// <summary>The claims of a token.</summary>
    public static JsonNode Claims(JsonNode answer) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(answer["access_token"]!.GetValue<string>().Split('.')[1]))!;

    public static string Trusted(DemoParty invoker) => $"/capif-security/v1/trustedInvokers/{invoker.Id}";
}
