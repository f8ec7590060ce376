using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Pki;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.Grains.Tests.ProviderManagement;

/// <summary>A grain host with a certification authority, a clock that the test moves, and a storage that the test can break.</summary>
internal sealed class ProviderHost : IAsyncDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("capif-keys-");

    private ProviderHost() { }

    public TestGrainHost Host { get; private set; } = null!;

    /// <summary>How many writes of state succeed before the storage fails for good, as under a process that is being killed.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    /// <summary>Hears of the steps of procedures; one of them may be the last.</summary>
    public StepObserver Steps { get; } = new();

    public static async Task<ProviderHost> StartAsync(Action<TestGrainHostOptions>? configure = null)
    {
        var host = new ProviderHost();
        host.Host = await TestGrainHost.StartAsync(options =>
        {
            options.Time = new ManualTimeProvider();
            // The test moves the clock by minutes while calls run: none of them is late because of it.
            options.ConfigureHost(embedded => embedded.ResponseTimeout = TimeSpan.FromDays(30));
            options.ConfigureServices(services => services
                .AddPki(new PkiOptions { Folder = host._keys.FullName })
                .AddSingleton<IProcedureObserver>(host.Steps)
                .AddSingleton<GrainStateSerializer>()
                .AddSingleton<IGrainStorageSerializer>(provider => new FailingSerializer(provider.GetRequiredService<GrainStateSerializer>(), host)));
            configure?.Invoke(options);
        });
        return host;
    }

    public IApiProviderDomainGrain Domain(string apiProvDomId) => Host.Grain<IApiProviderDomainGrain>(apiProvDomId);

    public IProviderFunctionGrain Function(string id) => Host.Grain<IProviderFunctionGrain>(id);

    public IServicePublisherGrain Publisher(string apfId) => Host.Grain<IServicePublisherGrain>(apfId);

    public IDiscoveryGrain Discovery => Host.Grains.GetGrain<IDiscoveryGrain>(0);

    public Task<Outcome<ApiProviderEnrolmentDetails>> RegisterAsync(string apiProvDomId, ApiProviderEnrolmentDetails details) =>
        Domain(apiProvDomId).RegisterAsync(new ProviderRegistrationRequest { Details = details, EnrolmentUser = "operator" }, default);

    public async Task<ApiProviderEnrolmentDetails> RegisteredAsync(string apiProvDomId, ApiProviderEnrolmentDetails? details = null)
    {
        var outcome = await RegisterAsync(apiProvDomId, details ?? Details());
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    /// <summary>Registers a domain; the identities of its APF and the identifier of its AEF.</summary>
    public async Task<(CallerIdentity Apf, string AefId)> ProviderAsync(string apiProvDomId)
    {
        var registered = await RegisteredAsync(apiProvDomId);
        return (Identity(registered, ApiProviderFuncRole.Apf), Find(registered, ApiProviderFuncRole.Aef).ApiProvFuncId!);
    }

    /// <summary>As a process that was killed and started again, and a minute later, when reminders have come.</summary>
    public async Task KillAndRestartAsync()
    {
        await Host.KillAndRestartAsync();
        WritesLeft = int.MaxValue;
    }

    public Task<bool> IsRevokedAsync(X509Certificate2 certificate) =>
        Host.Grain<ICertificateRevocationGrain>(certificate.SerialNumber[..2]).IsRevokedAsync(certificate.SerialNumber, default);

    public Task<CallerIdentity?> IdentifyAsync(ApiProviderFunctionDetails function)
    {
        using var certificate = Certificate(function);
        return Function(function.ApiProvFuncId!).IdentifyAsync(
            new PresentedCertificate { SerialNumber = certificate.SerialNumber, Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256) },
            default);
    }

    public static X509Certificate2 Certificate(ApiProviderFunctionDetails function) => X509Certificate2.CreateFromPem(function.RegInfo.ApiProvCert);

    public static ApiProviderFunctionDetails Find(ApiProviderEnrolmentDetails details, ApiProviderFuncRole role) =>
        details.ApiProvFuncs!.Value.First(one => one.ApiProvFuncRole == role);

    public static CallerIdentity Identity(ApiProviderEnrolmentDetails details, ApiProviderFuncRole role) => new()
    {
        Role = role switch
        {
            ApiProviderFuncRole.Amf => CallerRole.Amf,
            ApiProviderFuncRole.Apf => CallerRole.Apf,
            _ => CallerRole.Aef,
        },
        Id = Find(details, role).ApiProvFuncId!,
        ApiProvDomId = details.ApiProvDomId,
    };

    /// <summary>A registration of an AMF, an APF and an AEF with fresh keys.</summary>
    public static ApiProviderEnrolmentDetails Details(params ApiProviderFunctionDetails[] functions) => new()
    {
        RegSec = "an enrolment credential",
        ApiProvDomInfo = "a domain",
        SuppFeat = Features("1"),
        ApiProvFuncs = functions.Length > 0
            ? [.. functions]
            : [New(ApiProviderFuncRole.Amf), New(ApiProviderFuncRole.Apf), New(ApiProviderFuncRole.Aef)],
    };

    public static ApiProviderFunctionDetails New(ApiProviderFuncRole role, string? key = null) =>
        new() { ApiProvFuncRole = role, ApiProvFuncInfo = role.ToString(), RegInfo = new RegistrationInformation { ApiProvPubKey = key ?? SigningRequest() } };

    public static string SigningRequest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=anybody", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    public static SupportedFeatures Features(string text)
    {
        Assert.True(SupportedFeatures.TryParse(text, out var features));
        return features;
    }

    public async ValueTask DisposeAsync()
    {
        WritesLeft = int.MaxValue;
        await Host.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    private sealed class FailingSerializer(GrainStateSerializer inner, ProviderHost host) : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input)
        {
            lock (host)
            {
                if (host.WritesLeft == 0)
                    throw new IOException("The storage is gone.");
                host.WritesLeft--;
            }

            return inner.Serialize(input);
        }

        public T Deserialize<T>(BinaryData input) => inner.Deserialize<T>(input);
    }
}

/// <summary>Notes the steps of procedures, and stops for good after one of them.</summary>
internal sealed class StepObserver : IProcedureObserver
{
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _stopAfter;
    private string? _waitFor;

    /// <summary>Whoever reports this step next gets no further. The task ends then.</summary>
    public Task StopAfter(string step)
    {
        _stopAfter = step;
        return Reset();
    }

    /// <summary>Nothing stops any more; the task ends when this step is reported.</summary>
    public Task Reach(string step)
    {
        _stopAfter = null;
        _waitFor = step;
        return Reset();
    }

    public Task StepDoneAsync(string procedure, string id, string step)
    {
        if (step == _stopAfter || step == _waitFor)
            _reached.TrySetResult();
        return step == _stopAfter ? new TaskCompletionSource().Task : Task.CompletedTask;
    }

    private Task Reset()
    {
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
