using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapifOrleans.Grains.Tests.Fakes;

/// <summary>All grains of the core function on a test host, with notifications that end in the test.</summary>
internal sealed class CapifHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("capif-grains-").FullName;

    /// <summary>The host.</summary>
    public TestGrainHost Host { get; private set; } = null!;

    /// <summary>Where notifications go; what it answers.</summary>
    public RecordingSender Sender { get; } = new();

    /// <summary>Hears of finished steps.</summary>
    public StepObserver Steps { get; } = new();

    public static async Task<CapifHost> StartAsync(TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var made = new CapifHost();
        made.Host = await TestGrainHost.StartAsync(options =>
        {
            options.Folder = made._folder;
            options.Time = time ?? TimeProvider.System;
            options.ConfigureServices(services => services
                .AddLogging(logging => logging.ClearProviders())
                .AddPki(new PkiOptions { Folder = Path.Combine(made._folder, "pki") })
                .AddSingleton<INotificationSender>(made.Sender)
                .AddSingleton<IProcedureObserver>(made.Steps)
                .AddSingleton<IInvocationLogStore, MemoryInvocationLogStore>());
            if (configure is not null)
                options.ConfigureServices(configure);
        });
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A certificate signing request of a new key.</summary>
    public static string Csr()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    /// <summary>An onboarding request.</summary>
    public static OnboardingRequest Onboarding(string key) => new()
    {
        EnrolmentUser = "tester",
        Details = new ApiInvokerEnrolmentDetails
        {
            OnboardingInformation = new OnboardingInformation { ApiInvokerPublicKey = key },
            NotificationDestination = "https://invoker.test/",
        },
    };

    /// <summary>Onboards; the apiInvokerId and the answer.</summary>
    public async Task<(string Id, ApiInvokerEnrolmentDetails Details)> OnboardAsync(string? key = null)
    {
        var id = Guid.NewGuid().ToString("N");
        var outcome = await Host.Grain<IApiInvokerGrain>(id).OnboardAsync(Onboarding(key ?? Csr()), default);
        Assert.Null(outcome.Refusal);
        return (id, outcome.Value!);
    }

    /// <summary>What is presented by who holds this certificate.</summary>
    public static PresentedCertificate Presented(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return new PresentedCertificate { SerialNumber = certificate.SerialNumber, Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256) };
    }

    /// <summary>A registered provider with one function of each role.</summary>
    public async Task<(string Domain, CallerIdentity Amf, CallerIdentity Apf, CallerIdentity Aef)> RegisterAsync()
    {
        var domain = Guid.NewGuid().ToString("N");
        var outcome = await Host.Grain<IApiProviderDomainGrain>(domain).RegisterAsync(
            new ProviderRegistrationRequest { EnrolmentUser = "tester", Details = Registration() }, default);
        Assert.Null(outcome.Refusal);
        var functions = outcome.Value!.ApiProvFuncs!.Value;
        CallerIdentity Identity(CallerRole role, int index) => new() { Role = role, Id = functions[index].ApiProvFuncId!, ApiProvDomId = domain };
        return (domain, Identity(CallerRole.Amf, 0), Identity(CallerRole.Apf, 1), Identity(CallerRole.Aef, 2));
    }

    /// <summary>A registration of AMF, APF and AEF.</summary>
    public static ApiProviderEnrolmentDetails Registration() => new()
    {
        RegSec = "credential",
        SuppFeat = SupportedFeatures.Of(1),
        ApiProvFuncs =
        [
            .. ImmutableArray.Create(ApiProviderFuncRole.Amf, ApiProviderFuncRole.Apf, ApiProviderFuncRole.Aef).Select(role => new ApiProviderFunctionDetails
            {
                ApiProvFuncRole = role,
                RegInfo = new RegistrationInformation { ApiProvPubKey = Csr() },
            }),
        ],
    };

    /// <summary>A service API at an AEF.</summary>
    public static ServiceApiDescription Api(string name, string aefId) => new()
    {
        ApiName = name,
        SupportedFeatures = SupportedFeatures.Of(1),
        AefProfiles =
        [
            new AefProfile
            {
                AefId = aefId,
                Versions = [new CapifOrleans.Publish.Version { ApiVersion = "v1" }],
                Protocol = Protocol.Http11,
                SecurityMethods = [SecurityMethod.Oauth],
                InterfaceDescriptions = [new InterfaceDescription { Ipv4Addr = "192.0.2.1", Port = 443 }],
            },
        ],
    };
}

/// <summary>Takes notifications; it may refuse, or wait.</summary>
internal sealed class RecordingSender : INotificationSender
{
    private readonly Channel<(Uri Destination, string Json)> _sent = Channel.CreateUnbounded<(Uri, string)>();

    /// <summary>What it does with the next ones.</summary>
    public Func<Uri, Task<bool>> Answer { get; set; } = _ => Task.FromResult(true);

    public async Task<bool> SendAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (!await Answer(destination).WaitAsync(cancellationToken))
            return false;
        await _sent.Writer.WriteAsync((destination, System.Text.Encoding.UTF8.GetString(json.Span)), cancellationToken);
        return true;
    }

    /// <summary>The next one that was taken.</summary>
    public async Task<(Uri Destination, string Json)> NextAsync() => await _sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Whether nothing more was taken.</summary>
    public bool IsEmpty => _sent.Reader.Count == 0;
}

/// <summary>Hears of finished steps, and can hold a procedure after one, so that the test may kill it there.</summary>
internal sealed class StepObserver : IProcedureObserver
{
    private readonly Channel<string> _steps = Channel.CreateUnbounded<string>();

    /// <summary>After this step the procedure does not go on.</summary>
    public string? HoldAfter { get; set; }

    public async Task StepDoneAsync(string procedure, string id, string step)
    {
        var holds = step == HoldAfter;
        await _steps.Writer.WriteAsync(step);
        if (holds)
            await new TaskCompletionSource().Task;
    }

    /// <summary>Waits until a step is done.</summary>
    public async Task UntilAsync(string step)
    {
        while (await _steps.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)) != step)
        {
            // An earlier one.
        }
    }
}
