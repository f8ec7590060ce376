using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Logging;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Control;
using CapifOrleans.Silo.DataFolder;
using CapifOrleans.Silo.Exposure;
using CapifOrleans.Silo.Options;
using CapifOrleans.Silo.Telemetry;

namespace CapifOrleans.Silo.Hosting;

/// <summary>A whole core function in this process: data folder, grains and listeners. <c>serve</c>, <c>demo</c> and the end-to-end tests run it.</summary>
internal sealed partial class CoreFunction : IAsyncDisposable
{
    private readonly SiloOptions _options;
    private readonly Stack<Func<CancellationToken, Task>> _stop = new();
    private readonly TimeProvider _time;
    private DataFolderLock? _folder;
    private Readiness? _readiness;
    private IListenerKeys? _keys;
    private HostedAef? _aef;

    private CoreFunction(SiloOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>The core listener: CAPIF-1/1e, 3, 4, 5.</summary>
    public Uri Core { get; private set; } = new("https://localhost/");

    /// <summary>The enrolment listener.</summary>
    public Uri Enrolment { get; private set; } = new("https://localhost/");

    /// <summary>The operations listener.</summary>
    public Uri Operations { get; private set; } = new("http://localhost/");

    /// <summary>The interconnection listener: CAPIF-6/6e; null without a ccfId.</summary>
    public Uri? Interconnection { get; private set; }

    /// <summary>Where the root certificate lies.</summary>
    public string RootFile { get; private set; } = "";

    /// <summary>What the operator's commands do.</summary>
    public IAdministration Administration { get; private set; } = null!;

    private bool HasGrains => _options.Role != SiloRole.Frontend;

    private bool HasListeners => _options.Role != SiloRole.Silo;

    /// <summary>The grains.</summary>
    public IClusterClient Grains { get; private set; } = null!;

    /// <summary>When it was ready.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Starts it. When that fails nothing of it is left, neither running nor on disk.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="log">Where the log goes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StartFailure">Something that the operator can mend.</exception>
    public static Task<CoreFunction> StartAsync(SiloOptions options, Stream log, TimeProvider time, CancellationToken cancellationToken) =>
        StartAsync(options, log, time, configure: null, cancellationToken);

    /// <summary>As above, with services that <paramref name="configure"/> replaces; it comes last.</summary>
    internal static async Task<CoreFunction> StartAsync(
        SiloOptions options, Stream log, TimeProvider time, Action<IServiceCollection>? configure, CancellationToken cancellationToken)
    {
        var folder = DataFolderLock.TryTake(options.DataDirectory, create: true)
            ?? throw new StartFailure($"data folder {options.DataDirectory}: another core function runs on it; stop it, or choose another with --data-dir.");
        var core = new CoreFunction(options, time);
        try
        {
            ListenProbe.Check(options);
            await core.StartPartsAsync(log, configure, cancellationToken);
        }
        catch
        {
            await core.StopAsync(new CancellationToken(canceled: true));
            folder.Undo();
            throw;
        }

        core._folder = folder;
        return core;
    }

    /// <summary>Stops it: no new requests, those that run get <see cref="SiloOptions.ShutdownTimeout"/>, then everything is closed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _readiness?.Stopping();
        while (_stop.TryPop(out var stop))
        {
            try
            {
                await stop(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The time is up: the rest is closed as well, just less kindly.
            }
        }

        _folder?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var bound = new CancellationTokenSource(_options.ShutdownTimeout, _time);
        await StopAsync(bound.Token);
    }

    /// <summary>How it is.</summary>
    public async Task<CoreStatus> StatusAsync(CancellationToken cancellationToken) => new()
    {
        Version = ProgramVersion.Text,
        ProcessId = Environment.ProcessId,
        StartedAt = StartedAt,
        IsReady = await _readiness!.WhyNotAsync(cancellationToken) is null,
        Listeners = Listeners,
        Users = (await Grains.GetGrain<IEnrolmentDirectoryGrain>("users").ListAsync(cancellationToken)).Length,
        ServerCertificateExpiresAt = _keys?.ExpiresAt ?? DateTimeOffset.MaxValue,
    };

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<ListenerStatus> Listeners => _options.Role == SiloRole.Silo ? AllListeners[^1..] : AllListeners;

    private ListenerStatus[] AllListeners =>
    [
        new ListenerStatus { Name = "core", Address = Core, Purpose = "CAPIF-1/1e, CAPIF-3, CAPIF-4, CAPIF-5" },
        new ListenerStatus { Name = "enrolment", Address = Enrolment, Purpose = "accounts and enrolment credentials" },
        .. Interconnection is { } address ? [new ListenerStatus { Name = "interconnection", Address = address, Purpose = "CAPIF-6/6e: peers" }] : Array.Empty<ListenerStatus>(),
        .. _aef is { Port: { } port }
            ? [new ListenerStatus { Name = "exposure", Address = Address("https", _options.PublicHost, port), Purpose = "CAPIF-2/2e" }]
            : Array.Empty<ListenerStatus>(),
        new ListenerStatus { Name = "operations", Address = Operations, Purpose = "health and OpenAPI documents" },
    ];

    private async Task StartPartsAsync(Stream log, Action<IServiceCollection>? configure, CancellationToken cancellationToken)
    {
        if (OpenTelemetryExport.Start(_options) is { } telemetry)
            _stop.Push(_ => Done(telemetry.Dispose));
        var runtime = await GrainRuntime.StartAsync(_options, log, _time, configure, cancellationToken);
        _stop.Push(async _ => await runtime.DisposeAsync());
        _stop.Push(runtime.StopAsync);
        var services = runtime.Services;
        Grains = runtime.Grains;
        _readiness = new Readiness(Grains, _time);
        if (HasGrains)
            StartAdministration(services);
        Operations = Address("http", _options.OperationsAddress.ToString(), await ListenAsync(
            "operations", BuildOperations(services), cancellationToken));
        if (HasListeners)
            await StartListenersAsync(services, cancellationToken);
        // Peers are spoken to where the keys for it are.
        if (HasListeners && HasGrains)
            await InterconnectAsync(services, cancellationToken);
        if (HasGrains)
        {
            var control = await ControlListener.StartAsync(
                Path.Combine(_options.DataDirectory, DataFiles.ControlSocket), Administration, StatusAsync, services, cancellationToken);
            PushListener(control);
            await Grains.GetGrain<IInvocationLogRetentionGrain>("retention").BeginAsync(cancellationToken);
        }

        StartedAt = _time.GetUtcNow();
        _readiness.Started();
    }

    private void StartAdministration(IServiceProvider services)
    {
        var tokenKeys = services.GetRequiredService<ITokenSigningKeys>();
        var changes = services.GetRequiredService<ITokenKeyChanges>();
        Administration = new GrainAdministration(
            Grains, services.GetRequiredService<ICertificateIssuer>(), tokenKeys, changes, services.GetRequiredService<PkiOptions>(), _time);
        RootFile = services.GetRequiredService<CertificateAuthorityStore>().RootFile;
        var rotation = new TokenKeyRotation(tokenKeys, changes, _time, services.GetRequiredService<ILogger<TokenKeyRotation>>());
        _stop.Push(async _ => await rotation.DisposeAsync());
    }

    private static Uri Address(string scheme, string host, int port) => new UriBuilder(scheme, host, port).Uri;

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
