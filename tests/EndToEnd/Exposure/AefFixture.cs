using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Hosting;
using CapifOrleans.Aef.ProviderManagement;
using CapifOrleans.Silo.Administration;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>A core function, an AEF of its own provider that reaches it over CAPIF-3, and the service behind that AEF.</summary>
public sealed class AefFixture : IAsyncLifetime
{
    public const string ApiName = "location";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-aef-");

    internal CoreFixture Core { get; } = new();

    internal Upstream Upstream { get; private set; } = null!;

    internal ExposingFunction Aef { get; private set; } = null!;

    internal AefConfiguration Configuration { get; private set; } = null!;

    internal AefIdentity Identity { get; private set; } = null!;

    internal AefRegistration Registration { get; private set; } = null!;

    internal string ApiId => Identity.ServiceApis[ApiName];

    internal Uri Address => new($"https://localhost:{Aef.Port}/{ApiName}/v1/");

    /// <summary>How it reaches the core function; a test may stand between.</summary>
    internal CoreLink Link { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Core.InitializeAsync();
        Upstream = await Upstream.StartAsync();
        Configuration = await WriteConfigurationAsync();
        Registration = await new AefRegistrar(Configuration, _ => Task.CompletedTask).RegisterAsync(() => Task.FromResult(Core.Run.Credential), default);
        Identity = AefIdentity.Read(Configuration)!;
        Link = new CoreLink(new HttpCoreFunction(Configuration.Core!, [Core.Target.Root], Identity));
        Aef = await StartAsync();
    }

    /// <summary>Starts the AEF, again where a test stopped it.</summary>
    internal Task<ExposingFunction> StartAsync() => ExposingFunction.StartAsync(
        new AefOptions
        {
            Configuration = Configuration,
            Identity = Identity,
            Core = Link,
            CoreRootPem = Core.Target.Root.ExportCertificatePem(),
            CoreHost = "localhost",
        },
        NullLoggerFactory.Instance, default);

    internal async Task RestartAsync()
    {
        await Aef.StopAsync(new CancellationToken(canceled: true));
        await Aef.DisposeAsync();
        Aef = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Aef.DisposeAsync();
        Identity.Dispose();
        await Upstream.DisposeAsync();
        await Core.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A file beside the configuration.</summary>
    internal string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A port that nobody listens on.</summary>
    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task<AefConfiguration> WriteConfigurationAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var order = new CertificateOrder
        {
            Csr = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
            Role = "server",
            Hosts = ["localhost", "127.0.0.1"],
        };
        Assert.True((await Core.Core.Administration.IssueAsync(order, default)).TryGet(out var issued, out _));
        await System.IO.File.WriteAllTextAsync(File("server.pem"), issued!.Pem);
        await System.IO.File.WriteAllTextAsync(File("server.key"), key.ExportPkcs8PrivateKeyPem());
        var json = new JsonObject
        {
            ["core"] = new JsonObject { ["address"] = Core.Target.Core.ToString(), ["root"] = Core.Core.RootFile },
            ["folder"] = "data",
            ["listen"] = new JsonObject { ["address"] = "127.0.0.1", ["port"] = FreePort(), ["host"] = "localhost" },
            ["certificate"] = new JsonObject { ["file"] = "server.pem", ["key"] = "server.key" },
            ["serviceApis"] = new JsonArray(new JsonObject
            {
                ["apiName"] = ApiName,
                ["upstream"] = new Uri(Upstream.Address, "/inner/{apiVersion}").ToString().Replace("%7B", "{", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal),
                ["upstreamTimeoutSeconds"] = 30,
                ["resources"] = new JsonArray(
                    new JsonObject { ["name"] = "things", ["uri"] = "/things", ["operations"] = new JsonArray("GET", "POST") },
                    new JsonObject { ["name"] = "places", ["uri"] = "/places" }),
            }),
        };
        await System.IO.File.WriteAllTextAsync(File("aef.json"), json.ToJsonString());
        return AefConfigurationFile.Read(File("aef.json"));
    }
}

[CollectionDefinition(nameof(AefCollection))]
public sealed class AefCollection : ICollectionFixture<AefFixture>;
