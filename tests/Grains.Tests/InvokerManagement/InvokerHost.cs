using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Compatibility;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Storage;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Pki;
using CapifOrleans.Publish;
using CapifOrleans.Security;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>A grain host with a certification authority, a clock that the test moves, a storage that it can break, and steps that it can stop at.</summary>
internal sealed class InvokerHost : IAsyncDisposable
{
    public const string AefId = "aef1";
    private const string ApiId = "api1";
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("capif-keys-");

    private InvokerHost() { }

    public TestGrainHost Host { get; private set; } = null!;

    public ProcedureWatch Steps { get; } = new();

    public BreakableStorage Storage { get; } = new();

    public NotificationRecorder Sender { get; } = new();

    public static async Task<InvokerHost> StartAsync(
        InvokerOptions? invokers = null, X509Certificate2? trustedIssuer = null, CompatibilityProfile? profile = null)
    {
        var host = new InvokerHost();
        if (trustedIssuer is not null)
        {
            var folder = host._keys.CreateSubdirectory("trusted-issuers");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "other.pem"), trustedIssuer.ExportCertificatePem());
        }

        host.Host = await TestGrainHost.StartAsync(options =>
        {
            options.Time = new ManualTimeProvider();
            // Tests move the clock while calls are under way.
            options.ConfigureHost(embedded => embedded.ResponseTimeout = TimeSpan.FromDays(30));
            options.ConfigureServices(services => services
                .AddPki(new PkiOptions { Folder = host._keys.FullName })
                .AddSingleton(invokers ?? new InvokerOptions())
                .AddSingleton(profile ?? CompatibilityProfile.Standard)
                .AddSingleton<IProcedureObserver>(host.Steps)
                .AddSingleton<INotificationSender>(host.Sender)
                .AddSingleton<GrainStateSerializer>()
                .AddSingleton<IGrainStorageSerializer>(provider => host.Storage.Over(provider.GetRequiredService<GrainStateSerializer>())));
        });
        return host;
    }

    public IApiInvokerGrain Invoker(string apiInvokerId) => Host.Grain<IApiInvokerGrain>(apiInvokerId);

    public IPublicKeyReservationGrain Reservation(SigningKey key) => Host.Grain<IPublicKeyReservationGrain>(key.Sha256Hex);

    public Task<bool> IsRevokedAsync(string serialNumber) =>
        Host.Grain<ICertificateRevocationGrain>(serialNumber[..2]).IsRevokedAsync(serialNumber, default);

    public Task<Outcome<ApiInvokerEnrolmentDetails>> OnboardAsync(string apiInvokerId, ApiInvokerEnrolmentDetails details) =>
        Invoker(apiInvokerId).OnboardAsync(new OnboardingRequest { Details = details, EnrolmentUser = "operator" }, default);

    /// <summary>Asks for an onboarding that the operator decides.</summary>
    public Task<Outcome> RequestAsync(string apiInvokerId, ApiInvokerEnrolmentDetails details) => Invoker(apiInvokerId).RequestOnboardingAsync(
        new OnboardingRequest { Details = details, EnrolmentUser = "operator", ApiRoot = "https://ccf.example" }, default);

    /// <summary>The operator's decisions.</summary>
    public IOnboardingApprovalGrain Approval => Host.Grains.GetGrain<IOnboardingApprovalGrain>(0);

    public async Task<ApiInvokerEnrolmentDetails> OnboardedAsync(string apiInvokerId, SigningKey key)
    {
        var outcome = await OnboardAsync(apiInvokerId, Details(key));
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    /// <summary>Publishes an API that one AEF offers with OAuth; the catalog forgets it with the host.</summary>
    public Task PublishAsync(params SecurityMethod[] methods) => Host.Grain<IServiceCatalogGrain>("catalog").PutAsync(
        new PublishedServiceApi
        {
            ApfId = "apf1",
            ApiProvDomId = "domain1",
            Description = new ServiceApiDescription
            {
                ApiName = "things",
                ApiId = ApiId,
                AefProfiles =
                [
                    new AefProfile { AefId = AefId, SecurityMethods = [.. methods], Versions = [new CapifOrleans.Publish.Version { ApiVersion = "v1" }], DomainName = "aef.example" },
                ],
            },
        },
        default);

    /// <summary>Gives the invoker a security context with the AEF.</summary>
    public async Task NegotiateAsync(string apiInvokerId)
    {
        await PublishAsync(SecurityMethod.Oauth);
        var outcome = await Invoker(apiInvokerId).CreateSecurityContextAsync(
            new ServiceSecurity
            {
                SecurityInfo = [new SecurityInformation { AefId = AefId, PrefSecurityMethods = [SecurityMethod.Oauth] }],
                NotificationDestination = "https://invoker.example/revocations",
            },
            default);
        Assert.Null(outcome.Refusal);
    }

    /// <summary>Subscribes somebody to an event.</summary>
    public async Task<string> SubscribeAsync(CallerRole role, string id, CapifEvent capifEvent)
    {
        var outcome = await Host.Grain<IEventSubscriberGrain>(id).SubscribeAsync(
            new CallerIdentity { Role = role, Id = id },
            new EventSubscription { Events = [capifEvent], NotificationDestination = $"https://{id}.example/events", SupportedFeatures = SupportedFeatures.Of(3, 5) },
            default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.SubscriptionId;
    }

    public static ApiInvokerEnrolmentDetails Details(SigningKey key, string? certificate = null) => new()
    {
        OnboardingInformation = new OnboardingInformation { ApiInvokerPublicKey = key.Request, ApiInvokerCertificate = certificate },
        NotificationDestination = "https://invoker.example/onboarding",
        SupportedFeatures = SupportedFeatures.Of(2, 3),
    };

    public static ApiList Wanting(string apiId) =>
        new() { ServiceApiDescriptions = [new ServiceApiDescription { ApiName = "things", ApiId = apiId }] };

    public static ApiList WantingThePublished() => Wanting(ApiId);

    public static PresentedCertificate Presented(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return new PresentedCertificate { SerialNumber = certificate.SerialNumber, Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256) };
    }

    /// <summary>How many rows the state database has for this grain.</summary>
    public long Rows(string table, string grainType, string key) => Host.Rows(table == "reminders", grainType, key);

    public async ValueTask DisposeAsync()
    {
        Storage.Mend();
        await Host.DisposeAsync();
        _keys.Delete(recursive: true);
    }
}

/// <summary>A key pair that is to be certified.</summary>
internal sealed class SigningKey : IDisposable
{
    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Request => new CertificateRequest("CN=anybody", Key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    public string Sha256Hex => Convert.ToHexString(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()));

    public void Dispose() => Key.Dispose();
}
