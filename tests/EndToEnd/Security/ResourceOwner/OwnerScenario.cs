using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Demo;
using Microsoft.AspNetCore.WebUtilities;

namespace CapifOrleans.EndToEnd.Security;

/// <summary>A resource owner and an API invoker that wants to act for them; the browser's part is played by an HTTP client.</summary>
internal sealed class OwnerScenario : IAsyncDisposable
{
    public const string Password = "a long password";
    private readonly CoreFixture _core;

    private OwnerScenario(CoreFixture core) => _core = core;

    public SecurityScenario Security => new(_core);

    public string Gpsi { get; } = "msisdn-" + Random.Shared.NextInt64(100_000_000_000, 999_999_999_999);

    public DemoParty Invoker { get; private set; } = null!;

    public ClientSite Receiver { get; private set; } = null!;

    public string ApiName { get; private set; } = "";

    public string ApiId { get; private set; } = "";

    public string Scope => $"3gpp#{_core.Run.Aef.Id}:{ApiName}";

    public string RedirectUri => new Uri(Receiver.Destination, "/callback").ToString();

    public string Verifier { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Publishes, onboards, negotiates, and makes the owner's account.</summary>
    public static async Task<OwnerScenario> StartAsync(CoreFixture core, string features = "c", params string[] grantTypes)
    {
        var made = new OwnerScenario(core);
        var offered = grantTypes.Length > 0 ? grantTypes : ["AUTHORIZATION_CODE_WITH_PKCE", "CLIENT_CREDENTIALS"];
        (made.ApiName, made.ApiId) = await made.Security.PublishAsync(offered);
        made.Receiver = await ClientSite.StartAsync();
        made.Invoker = await core.OnboardAsync();
        await made.Security.NegotiateAsync(made.Invoker, made.Context(features, offered));
        var added = await core.Core.Administration.AddResourceOwnerAsync(new NewResourceOwner { Gpsi = made.Gpsi, Password = Password }, default);
        Assert.Null(added.Refusal);
        return made;
    }

    public System.Text.Json.Nodes.JsonObject Context(string features, params string[] grantTypes) => Security.Context(
        features,
        entry =>
        {
            entry["apiId"] = ApiId;
            entry["grantType"] = new System.Text.Json.Nodes.JsonArray([.. grantTypes.Select(one => (System.Text.Json.Nodes.JsonNode)one)]);
        },
        Receiver.Destination.ToString());

    /// <summary>The parameters of a good authorization request, with these in place of its own; null leaves one out.</summary>
    public Dictionary<string, string?> Request(params (string Name, string? Value)[] others)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = Invoker.Id,
            ["redirect_uri"] = RedirectUri,
            ["scope"] = Scope,
            ["state"] = "st&te",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in others)
            parameters[name] = value;
        return parameters.Where(one => one.Value is not null).ToDictionary();
    }

    public Uri Authorize(Dictionary<string, string?>? request = null) =>
        new(_core.Target.Enrolment, QueryHelpers.AddQueryString("/oauth/authorize", request ?? Request()));

    public Task<HttpResponseMessage> GetAsync(Uri address) => _core.Run.Nobody.Client.GetAsync(address);

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string?> form, string? site = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_core.Target.Enrolment, path))
        {
            Content = new FormUrlEncodedContent(form.Select(one => KeyValuePair.Create(one.Key, one.Value ?? ""))),
        };
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        return _core.Run.Nobody.Client.SendAsync(request);
    }

    /// <summary>Decides on a request as the form does.</summary>
    public Task<HttpResponseMessage> DecideAsync(string decision = "allow", string password = Password, Dictionary<string, string?>? request = null, string? gpsi = null)
    {
        var form = new Dictionary<string, string?>(request ?? Request()) { ["gpsi"] = gpsi ?? Gpsi, ["password"] = password, ["decision"] = decision };
        return PostAsync("/oauth/authorize", form);
    }

    /// <summary>The parameters that an answer was redirected with.</summary>
    public Dictionary<string, string> Redirected(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var location = answer.Headers.Location!;
        Assert.StartsWith(RedirectUri, location.ToString(), StringComparison.Ordinal);
        answer.Dispose();
        return QueryHelpers.ParseQuery(location.Query).ToDictionary(one => one.Key, one => one.Value.ToString());
    }

    /// <summary>A code that the owner allowed.</summary>
    public async Task<string> CodeAsync(Dictionary<string, string?>? request = null) => Redirected(await DecideAsync(request: request))["code"];

    /// <summary>The token request that redeems a code.</summary>
    public (string Name, string Value)[] Redemption(string code, string? verifier = null) =>
    [
        ("grant_type", "authorization_code"), ("authCode", code), ("redirect_uri", RedirectUri), ("code_verifier", verifier ?? Verifier),
    ];

    public async ValueTask DisposeAsync()
    {
        await _core.Core.Administration.RemoveResourceOwnerAsync(Gpsi, default);
        Invoker.Dispose();
        await Receiver.DisposeAsync();
    }
}
