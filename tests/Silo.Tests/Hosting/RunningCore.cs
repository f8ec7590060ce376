using System.Net;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Tests.Hosting;

/// <summary>A core function in this process, on a temporary folder and free ports, and clients that trust its root only.</summary>
internal sealed class RunningCore : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly DirectoryInfo _folder;
    private readonly X509Certificate2 _root;

    private RunningCore(CoreFunction function, DirectoryInfo folder)
    {
        Function = function;
        _folder = folder;
        _root = X509Certificate2.CreateFromPem(File.ReadAllText(function.RootFile));
        Enrolment = Client(function.Enrolment);
    }

    public CoreFunction Function { get; }

    /// <summary>A client of the enrolment listener.</summary>
    public HttpClient Enrolment { get; }

    public MemoryStream Log { get; private init; } = new();

    public static async Task<RunningCore> StartAsync(Action<SiloOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("capif-core-");
        var options = new SiloOptions
        {
            DataDirectory = Path.Combine(folder.FullName, "data"),
            ListenAddress = IPAddress.Loopback,
            CorePort = 0,
            EnrolmentPort = 0,
            OperationsPort = 0,
        };
        configure?.Invoke(options);
        var log = new MemoryStream();
        return new RunningCore(await CoreFunction.StartAsync(options, log, TimeProvider.System, default), folder) { Log = log };
    }

    /// <summary>Makes an account.</summary>
    public async Task AddUserAsync(string name, bool administrator = false)
    {
        var outcome = await Function.Administration.AddUserAsync(
            new NewUser { UserName = name, Password = Password, IsAdministrator = administrator }, default);
        Assert.Null(outcome.Refusal);
    }

    /// <summary>A client that trusts the core function's root and nothing else.</summary>
    public HttpClient Client(Uri address) => new(new SocketsHttpHandler
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    })
    { BaseAddress = address };

    public async ValueTask DisposeAsync()
    {
        Enrolment.Dispose();
        await Function.DisposeAsync();
        _root.Dispose();
        _folder.Delete(recursive: true);
    }
}
