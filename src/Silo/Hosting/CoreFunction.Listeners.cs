using CapifOrleans.Frontend.Enrolment;
using CapifOrleans.Frontend.Health;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Frontend.Interconnection;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Exposure;
using Microsoft.AspNetCore.Builder;

namespace CapifOrleans.Silo.Hosting;

/// <summary>The listeners of a core function, and the AEF that it may host.</summary>
internal sealed partial class CoreFunction
{
    private async Task StartListenersAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var keys = HasGrains
            ? new OwnListenerKeys(
                services.GetRequiredService<CertificateAuthorityStore>(), services.GetRequiredService<ICertificateIssuer>(),
                services.GetRequiredService<ITokenSigningKeys>(), _time, services.GetRequiredService<ILogger<ServerCertificateRenewal>>())
            : (IListenerKeys)await FrontendListenerKeys.StartAsync(
                Grains, _options, _time, services.GetRequiredService<ILogger<FrontendListenerKeys>>(), cancellationToken);
        _keys = keys;
        _stop.Push(async _ => await keys.DisposeAsync());
        RootFile = keys.RootFile;
        Enrolment = Address("https", _options.PublicHost, await ListenAsync("enrolment", BuildEnrolment(services, keys), cancellationToken));
        Core = Address("https", _options.PublicHost, await ListenAsync("core", BuildCore(services, keys), cancellationToken));
        if (HasGrains)
            services.GetRequiredService<NotificationOptions>().ClientCertificate = () => keys.Certificate.Current.TargetCertificate;
        if (_options.AefConfig is not null)
            await StartAefAsync(services, keys, cancellationToken);
    }

    private async Task StartAefAsync(IServiceProvider services, IListenerKeys keys, CancellationToken cancellationToken)
    {
        var aef = await HostedAef.StartAsync(
            new HostedAefOptions
            {
                ConfigurationFile = _options.AefConfig!,
                EndPoint = _options.Listen(_options.ExposurePort),
                ServerCertificate = keys.Certificate,
                CoreRootPem = keys.TrustBundlePem,
                CoreHost = _options.PublicHost,
                TokenKeys = () => System.Text.Encoding.UTF8.GetString(keys.JwkSet.Span),
                MaxConnections = _options.MaxConnections,
            },
            Grains, _time, services.GetRequiredService<ILoggerFactory>(), cancellationToken);
        _aef = aef;
        _stop.Push(async _ => await aef.DisposeAsync());
        _stop.Push(aef.StopAsync);
    }

    /// <summary>Opens the interconnection listener and lets what is shared with peers go on, where this core function has a ccfId.</summary>
    private async Task InterconnectAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (_options.CcfId is null)
            return;
        var certificate = services.GetRequiredService<InterconnectionCertificate>();
        var listener = InterconnectionListener.Build(
            new InterconnectionListenerOptions
            {
                EndPoint = _options.Listen(_options.InterconnectionPort),
                Certificate = () => certificate.Current,
                MaxConnections = _options.MaxConnections,
            },
            services);
        Interconnection = Address("https", _options.PublicHost, await ListenAsync("interconnection", listener, cancellationToken));
        services.GetRequiredService<InterconnectionOptions>().Address = Interconnection;
        await Grains.GetGrain<IInterconnectionDirectoryGrain>("peers").BeginAsync(cancellationToken);
    }

    private WebApplication BuildOperations(IServiceProvider services) => OperationsListener.Build(
        new OperationsListenerOptions
        {
            EndPoint = new System.Net.IPEndPoint(_options.OperationsAddress, _options.OperationsPort),
            WhyNotReady = _readiness!.WhyNotAsync,
        },
        services);

    private WebApplication BuildEnrolment(IServiceProvider services, IListenerKeys keys) => EnrolmentListener.Build(
        new EnrolmentListenerOptions
        {
            EndPoint = _options.Listen(_options.EnrolmentPort),
            ServerCertificate = keys.Certificate,
            TrustBundlePem = keys.TrustBundlePem,
            CoreAddress = () => Core,
            MaxConnections = _options.MaxConnections,
        },
        services);

    private WebApplication BuildCore(IServiceProvider services, IListenerKeys keys) => CoreListener.Build(
        new CoreListenerOptions
        {
            EndPoint = _options.Listen(_options.CorePort),
            ServerCertificate = keys.Certificate,
            Tls = TlsChoice.Resolve(_options.Tls, services.GetRequiredService<ILogger<CoreFunction>>()),
            ClientCertificates = new ClientCertificatePolicy(keys.Root, keys.Issuing, keys.TrustedIssuers, _time),
            TokenKeys = () => keys.JwkSet,
            HelperCcfId = _options.CcfId ?? CertificateAuthorityStore.CcfIdOf(keys.Root),
            AuthorizationServer = () => Enrolment,
            CcfId = _options.CcfId,
            OnboardingApproval = _options.OnboardingApproval,
            MaxConnections = _options.MaxConnections,
        },
        services);

    /// <summary>Starts a listener; its port.</summary>
    private async Task<int> ListenAsync(string name, WebApplication application, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (IOException fault)
        {
            await application.DisposeAsync();
            throw new StartFailure($"{name}: cannot listen ({fault.Message}); stop the other program, or choose another port with --{name}-port.", fault);
        }

        PushListener(application);
        return new Uri(application.Urls.Single()).Port;
    }

    private void PushListener(WebApplication application)
    {
        _stop.Push(async _ => await application.DisposeAsync());
        _stop.Push(application.StopAsync);
    }
}
