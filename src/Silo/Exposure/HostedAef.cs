using System.Net;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.Events;
using CapifOrleans.Aef.Hosting;
using CapifOrleans.Exposure;
using CapifOrleans.Frontend.Tls;

namespace CapifOrleans.Silo.Exposure;

/// <summary>What an AEF within a core function's process is made of.</summary>
internal sealed class HostedAefOptions
{
    /// <summary>Its configuration's file.</summary>
    public required string ConfigurationFile { get; init; }

    /// <summary>Where it listens.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>What it presents where its configuration names no certificate.</summary>
    public required ServerCertificate ServerCertificate { get; init; }

    /// <summary>By what it knows the core function's notifications.</summary>
    public required string CoreRootPem { get; init; }

    /// <summary>The name of the core function.</summary>
    public required string CoreHost { get; init; }

    /// <summary>The JWK set of access tokens.</summary>
    public required Func<string> TokenKeys { get; init; }

    /// <summary>The most connections at a time.</summary>
    public required int MaxConnections { get; init; }
}

/// <summary>
/// An AEF within a core function's process: it asks by grain calls, and is told of what ends by a call of its grain, before whoever revokes gets
/// an answer. It can only be registered while the core function runs, so it waits for its registration.
/// </summary>
internal sealed partial class HostedAef : IAefObserver, IAsyncDisposable
{
    // The grain forgets an AEF that has not attached for a few of these.
    private static readonly TimeSpan AttachEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly HostedAefOptions _options;
    private readonly AefConfiguration _configuration;
    private readonly IClusterClient _grains;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<HostedAef> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _processId = Guid.NewGuid().ToString("N");
    private Task _running = Task.CompletedTask;
    private AefIdentity? _identity;
    private ExposingFunction? _aef;

    private HostedAef(HostedAefOptions options, AefConfiguration configuration, IClusterClient grains, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _configuration = configuration;
        _grains = grains;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<HostedAef>();
    }

    /// <summary>Where it listens; null while it is not registered.</summary>
    public int? Port => _aef?.Port;

    /// <summary>Starts it, or begins to wait for its registration.</summary>
    /// <exception cref="StartFailure">Its configuration cannot be used, or its port.</exception>
    public static async Task<HostedAef> StartAsync(
        HostedAefOptions options, IClusterClient grains, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            var hosted = new HostedAef(options, AefConfigurationFile.Read(options.ConfigurationFile), grains, time, loggers);
            if (!await hosted.TryBeginAsync(cancellationToken))
                NotRegistered(hosted._logger, options.ConfigurationFile);
            hosted._running = hosted.RunAsync(hosted._stop.Token);
            return hosted;
        }
        catch (Exception fault) when (fault is AefConfigurationException or PlatformNotSupportedException or IOException)
        {
            throw new StartFailure($"exposure: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public Task RevokeAsync(AuthorizationRevocation revocation)
    {
        _aef!.Services.GetRequiredService<AuthorizationEnd>().End(revocation);
        return Task.CompletedTask;
    }

    /// <summary>Stops serving.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        if (_aef is not null)
            await _aef.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_aef is not null)
            await _aef.DisposeAsync();
        _identity?.Dispose();
        _stop.Dispose();
    }

    private async Task<bool> TryBeginAsync(CancellationToken cancellationToken)
    {
        if (AefIdentity.Read(_configuration) is not { } identity)
            return false;
        _identity = identity;
        var current = _options.ServerCertificate.Current;
        _aef = await ExposingFunction.StartAsync(
            new AefOptions
            {
                Configuration = _configuration with
                {
                    Listen = _configuration.Listen with { Address = _options.EndPoint.Address.ToString(), Port = _options.EndPoint.Port },
                    MaxConnections = _options.MaxConnections,
                },
                Identity = identity,
                Core = new GrainCoreFunction(_grains, identity.AefId, AefRegistration.Read(_configuration.Folder)?.ApiProvDomId, _options.TokenKeys),
                CoreRootPem = _options.CoreRootPem,
                CoreHost = _options.CoreHost,
                ServerCertificate = _configuration.Certificate is null ? current.TargetCertificate : null,
                ServerChain = [.. current.IntermediateCertificates],
                Time = _time,
                TlsReady = server =>
                {
                    if (_configuration.Certificate is null)
                    {
                        _options.ServerCertificate.Replaced += () => server.Replace(
                            _options.ServerCertificate.Current.TargetCertificate, [.. _options.ServerCertificate.Current.IntermediateCertificates]);
                    }
                },
            },
            _loggers, cancellationToken);
        await AttachAsync(cancellationToken);
        Serving(_logger, identity.AefId, _aef.Port);
        return true;
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_aef is null ? LookEvery : AttachEvery, _time, stoppingToken);
                try
                {
                    if (_aef is null)
                        await TryBeginAsync(stoppingToken);
                    else
                        await AttachAsync(stoppingToken);
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    Failed(_logger, fault);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>Attaches; what ended meanwhile ends here, once.</summary>
    private async Task AttachAsync(CancellationToken cancellationToken)
    {
        var self = _grains.CreateObjectReference<IAefObserver>(this);
        var ended = await _grains.GetGrain<IAefGrain>(_identity!.AefId).AttachAsync(_processId, self, cancellationToken);
        var end = _aef!.Services.GetRequiredService<AuthorizationEnd>();
        foreach (var one in ended)
            end.EndOnce(one);
    }

    [LoggerMessage(1, LogLevel.Warning, "The AEF of {File} is not registered yet; it serves as soon as it is: capif aef register --config {File} --user NAME")]
    private static partial void NotRegistered(ILogger logger, string file);

    [LoggerMessage(2, LogLevel.Information, "AEF {AefId} serves CAPIF-2/2e at port {Port}")]
    private static partial void Serving(ILogger logger, string aefId, int port);

    [LoggerMessage(3, LogLevel.Error, "The AEF within this core function could not start, or not attach; it is tried again")]
    private static partial void Failed(ILogger logger, Exception fault);
}
