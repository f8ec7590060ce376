using CapifOrleans.Grains;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Silo.DataFolder;
using CapifOrleans.Silo.Logging;
using CapifOrleans.Silo.Options;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace CapifOrleans.Silo.Hosting;

/// <summary>
/// The grains of one data folder, with their certification authority, clock and log, but without listeners. What depends on the grain host is
/// in the folders Embedded and Cluster beside this file, of which a build compiles one.
/// </summary>
internal sealed partial class GrainRuntime : IAsyncDisposable
{
    private const int StandardPasswordLength = 10;
    private readonly IHost _host;

    private GrainRuntime(IHost host) => _host = host;

    /// <summary>The services that listeners share.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The grains.</summary>
    public IClusterClient Grains => Services.GetRequiredService<IClusterClient>();

    /// <summary>Starts them. The caller owns the data folder.</summary>
    /// <exception cref="StartFailure">Keys or state cannot be used.</exception>
    public static Task<GrainRuntime> StartAsync(SiloOptions options, Stream log, TimeProvider time, CancellationToken cancellationToken) =>
        StartAsync(options, log, time, configure: null, cancellationToken);

    /// <summary>As above, with services that <paramref name="configure"/> replaces; it comes last.</summary>
    public static async Task<GrainRuntime> StartAsync(
        SiloOptions options, Stream log, TimeProvider time, Action<IServiceCollection>? configure, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddSingleton<IHostLifetime, NoLifetime>()
            .AddSingleton(time)
            .AddMetrics()
            .AddSingleton(options.Compatibility)
            .AddJsonLines(options, log);
        // A frontend has neither grains nor the keys that they work with.
        if (options.Role != SiloRole.Frontend)
            AddGrains(builder.Services, options);
        await AddGrainHostAsync(builder, options, time, cancellationToken);
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        try
        {
            // First the keys: without them nothing else is made.
            host.Services.GetService<CertificateAuthorityStore>();
            await host.StartAsync(cancellationToken);
            return new GrainRuntime(host);
        }
        catch (Exception fault)
        {
            host.Dispose();
            throw fault switch
            {
                PkiException => new StartFailure(fault.Message, fault),
                SqliteException => new StartFailure(
                    $"state {Path.Combine(options.DataDirectory, DataFiles.State)}: cannot be opened ({fault.Message}); restore it from a backup.", fault),
                _ => fault,
            };
        }
    }

    /// <summary>Stops them: calls that run get some time to end.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }

    private static void AddGrains(IServiceCollection services, SiloOptions options) => services
        .AddSingleton(new InvokerOptions
        {
            TokenLifetime = options.TokenLifetime,
            AefPskLifetime = options.AefPskLifetime,
            ApprovalTimeout = options.OnboardingApprovalTimeout,
        })
        .AddSingleton(AccessControlOptions(options))
        .AddSingleton(new InvocationLogOptions { RetentionHours = options.InvocationLogRetention > 0 ? options.InvocationLogRetention : null })
        .AddSingleton(new InterconnectionOptions { CcfId = options.CcfId, CapifProvDom = options.CapifProvDom })
        .AddSingleton(new NotificationOptions { AllowPrivateDestinations = options.AllowPrivateDestinations })
        .AddCapifGrains()
        .AddPki(PkiOptions(options))
        .AddEnrolmentGrains(EnrolmentOptions(options));

    private static PkiOptions PkiOptions(SiloOptions options) => new()
    {
        Folder = Path.Combine(options.DataDirectory, DataFiles.Pki),
        Hosts = options.CertificateHosts,
        LeafValidity = options.CertificateValidity,
        TokenAlgorithm = options.TokenAlgorithm,
        TokenKeyRotation = options.TokenKeyRotation,
        TokenKeyOverlap = options.TokenKeyOverlap,
        KeyEncryptionKey = options.Key?.Text ?? ReadKeyFile(options.KeyFile),
    };

    private static AccessControlOptions AccessControlOptions(SiloOptions options) => new()
    {
        DefaultTotalInvocations = options.DefaultTotalInvocations > 0 ? options.DefaultTotalInvocations : null,
        DefaultInvocationsPerSecond = options.DefaultInvocationsPerSecond > 0 ? options.DefaultInvocationsPerSecond : null,
    };

    private static EnrolmentOptions EnrolmentOptions(SiloOptions options) => new()
    {
        Issuer = options.PublicHost,
        CredentialLifetime = options.EnrolmentCredentialLifetime,
        MinPasswordLength = options.MinPasswordLength ?? StandardPasswordLength,
        AcceptsAnyPassword = options.Compatibility.AcceptsAnyPassword && options.MinPasswordLength is null,
    };

    private static string? ReadKeyFile(string? path)
    {
        if (path is null)
            return null;
        try
        {
            var text = File.ReadAllText(path).Trim();
            return text.Length >= 16 ? text : throw new StartFailure($"key-file {path}: has fewer than 16 characters; make one with: openssl rand -base64 32.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"key-file {path}: cannot be read ({fault.Message}); correct its owner and mode.", fault);
        }
    }
}
