using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Hosting;
using CapifOrleans.Aef.ProviderManagement;
using CapifOrleans.Publish;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.Silo.Demo.ByMethod;

/// <summary>The API provider of a demonstration by method: registered as <c>aef register</c> does it, with an AEF before a service of its own.</summary>
internal sealed class DemoExposure : IAsyncDisposable
{
    private readonly AefConfiguration _configuration;
    private readonly AefRegistration _registration;
    private readonly AefIdentity _identity;
    private readonly HttpCoreFunction _core;
    private readonly ExposingFunction _aef;

    private DemoExposure(
        AefConfiguration configuration, AefRegistration registration, AefIdentity identity, HttpCoreFunction core, ExposingFunction aef)
    {
        (_configuration, _registration, _identity, _core, _aef) = (configuration, registration, identity, core, aef);
    }

    /// <summary>The aefId.</summary>
    public string AefId => _identity.AefId;

    /// <summary>The apiProvDomId.</summary>
    public string ApiProvDomId => _registration.ApiProvDomId;

    /// <summary>Where the AEF listens.</summary>
    public Uri Address => new($"https://localhost:{_aef.Port}/");

    /// <summary>What a demonstration's AEF is told: one service API by one method.</summary>
    public static AefConfiguration Configure(DemoTarget target, string folder, Uri upstream, string apiName, SecurityMethod method)
    {
        var root = Path.Combine(folder, "root.pem");
        File.WriteAllText(root, target.Root.ExportCertificatePem());
        return new AefConfiguration
        {
            Core = new CoreFunctionAddress { Address = target.Core, Root = root },
            Folder = Path.Combine(folder, "aef-data"),
            Listen = new ListenAddress { Address = "127.0.0.1", Port = FreePort(), Host = "localhost" },
            ServiceApis =
            [
                new ExposedApi { ApiName = apiName, Upstream = new Uri(upstream, "/service/v1").ToString(), SecurityMethods = [method], Description = "a service API of the demonstration" },
            ],
        };
    }

    /// <summary>Registers, publishes and subscribes; tells what was done.</summary>
    public static Task<AefRegistration> RegisterAsync(AefConfiguration configuration, string credential, CancellationToken cancellationToken) =>
        new AefRegistrar(configuration, _ => Task.CompletedTask).RegisterAsync(() => Task.FromResult(credential), cancellationToken);

    /// <summary>Starts the AEF, which presents this certificate.</summary>
    public static async Task<DemoExposure> StartAsync(
        DemoTarget target, AefConfiguration configuration, AefRegistration registration, X509Certificate2 certificate, X509Certificate2Collection chain,
        CancellationToken cancellationToken)
    {
        var identity = AefIdentity.Read(configuration)!;
        var core = new HttpCoreFunction(configuration.Core!, [target.Root], identity);
        try
        {
            var aef = await ExposingFunction.StartAsync(
                new AefOptions
                {
                    Configuration = configuration,
                    Identity = identity,
                    Core = core,
                    CoreRootPem = target.Root.ExportCertificatePem(),
                    CoreHost = target.Core.IdnHost.Trim('[', ']'),
                    ServerCertificate = certificate,
                    ServerChain = chain,
                },
                NullLoggerFactory.Instance, cancellationToken);
            return new DemoExposure(configuration, registration, identity, core, aef);
        }
        catch
        {
            core.Dispose();
            identity.Dispose();
            throw;
        }
    }

    /// <summary>The provider's management function, as it was registered.</summary>
    public DemoParty Amf(X509Certificate2 root)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_configuration.Folder, "amf.key")));
        var party = new DemoParty("amf", root, key);
        party.Accept(_registration.AmfId, File.ReadAllText(Path.Combine(_configuration.Folder, "amf.pem")));
        return party;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _aef.StopAsync(new CancellationToken(canceled: true));
        await _aef.DisposeAsync();
        _core.Dispose();
        _identity.Dispose();
    }

    // It is published before the AEF listens.
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
