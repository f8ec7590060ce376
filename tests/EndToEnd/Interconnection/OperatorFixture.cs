using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Silo.Options;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.EndToEnd.Interconnection;

/// <summary>An operator: a core function with its own authority and data folder that is interconnected, and a provider registered with it.</summary>
internal sealed class OperatorFixture(string ccfId, string domain, int port = 0) : CoreFixture
{
    /// <summary>Its ccfId.</summary>
    public string CcfId => ccfId;

    /// <summary>Its CAPIF provider domain.</summary>
    public string Domain => domain;

    /// <summary>Its interconnection listener.</summary>
    public Uri Address => Core.Interconnection!;

    /// <summary>What another operator is told of it.</summary>
    public InterconnectedCcf Description => new()
    {
        CcfId = ccfId,
        Address = Address.GetLeftPart(UriPartial.Authority),
        TrustAnchors = Target.Root.ExportCertificatePem(),
        CapifProvDoms = [domain],
    };

    private protected override void Configure(SiloOptions options)
    {
        options.CcfId = ccfId;
        options.CapifProvDom = domain;
        options.InterconnectionPort = port;
    }

    /// <summary>The options by which another process serves the same data folder as the same core function.</summary>
    public string[] Options => ["--ccf-id", ccfId, "--capif-provider-domain", domain, "--interconnection-port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>Makes two operators peers of one another.</summary>
    public static async Task InterconnectAsync(OperatorFixture one, OperatorFixture other)
    {
        Assert.Null((await one.Core.Administration.SetPeerAsync(other.Description, default)).Refusal);
        Assert.Null((await other.Core.Administration.SetPeerAsync(one.Description, default)).Refusal);
    }

    /// <summary>A service API of the provider's AEF.</summary>
    public JsonObject Api(string name, string[] methods, params string[]? sharedWith)
    {
        var body = new JsonObject
        {
            ["apiName"] = name,
            ["aefProfiles"] = new JsonArray(new JsonObject
            {
                ["aefId"] = Run.Aef.Id,
                ["versions"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1" }),
                ["protocol"] = "HTTP_1_1",
                ["dataFormat"] = "JSON",
                ["securityMethods"] = new JsonArray([.. methods.Select(one => (JsonNode)one)]),
                ["domainName"] = "aef.example",
            }),
            ["supportedFeatures"] = "2",
        };
        if (sharedWith is not null)
        {
            body["shareableInfo"] = new JsonObject { ["isShareable"] = true };
            if (sharedWith.Length > 0)
                body["shareableInfo"]!["capifProvDoms"] = new JsonArray([.. sharedWith.Select(one => (JsonNode)one)]);
        }

        return body;
    }

    /// <summary>Publishes; the apiId.</summary>
    public async Task<string> PublishAsync(JsonObject api)
    {
        using var answer = await SendAsync(Run.Apf, HttpMethod.Post, $"/published-apis/v1/{Run.Apf.Id}/service-apis", api);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await JsonAsync(answer))["apiId"]!.GetValue<string>();
    }

    /// <summary>What discovery shows an API invoker of that name; null for nothing.</summary>
    public async Task<JsonNode?> DiscoverAsync(DemoParty invoker, string apiName)
    {
        using var answer = await SendAsync(invoker, HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Id}&api-name={apiName}");
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await JsonAsync(answer))["serviceAPIDescriptions"]!.AsArray().Single();
    }

    /// <summary>Waits until discovery shows it (true) or does not (false), and answers what it shows.</summary>
    public async Task<JsonNode?> DiscoveredAsync(DemoParty invoker, string apiName, Func<JsonNode?, bool> expected)
    {
        JsonNode? found = null;
        await Eventually.HoldsAsync(async () => expected(found = await DiscoverAsync(invoker, apiName)), $"discovery of {apiName}");
        return found;
    }

    /// <summary>A certificate with key of this operator's authority, for its core function or for what <paramref name="named"/> says.</summary>
    public X509Certificate2 Certificate(string? named = null, TimeSpan? validity = null)
    {
        var pki = new PkiOptions { Folder = Path.GetDirectoryName(Core.RootFile)!, LeafValidity = validity ?? TimeSpan.FromDays(1) };
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddPki(pki).BuildServiceProvider();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issued = services.GetRequiredService<ICertificateIssuer>()
            .IssueCoreFunction(named ?? ccfId, ["localhost"], new PublicKey(key), SerialNumber.NewRandom());
        using var leaf = X509Certificate2.CreateFromPem(issued.Pem);
        return leaf.CopyWithPrivateKey(key);
    }
}
