using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Pki;
using CapifOrleans.Silo.DataFolder;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Hosting;

/// <summary>
/// Of a frontend without a silo: it makes its own key, which never leaves it, and asks the cluster to certify it. Every few seconds it takes the
/// keys of tokens over, and a new certificate when a third of the life of its own is left.
/// </summary>
internal sealed partial class FrontendListenerKeys : IListenerKeys
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly IClusterClient _grains;
    private readonly SiloOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private byte[] _jwkSet;
    private DateTimeOffset _renewAt;
    private Task _loop = Task.CompletedTask;

    private FrontendListenerKeys(IClusterClient grains, SiloOptions options, TimeProvider time, ILogger logger, FrontendTrust trust)
    {
        _grains = grains;
        _options = options;
        _time = time;
        _logger = logger;
        Root = X509Certificate2.CreateFromPem(trust.Root);
        Issuing = X509Certificate2.CreateFromPem(trust.Issuing);
        foreach (var issuer in trust.TrustedIssuers)
            TrustedIssuers.Add(X509Certificate2.CreateFromPem(issuer));
        _jwkSet = Encoding.UTF8.GetBytes(trust.JwkSet);
    }

    /// <inheritdoc/>
    public ServerCertificate Certificate { get; private set; } = null!;

    /// <inheritdoc/>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <inheritdoc/>
    public X509Certificate2 Root { get; }

    /// <inheritdoc/>
    public X509Certificate2 Issuing { get; }

    /// <inheritdoc/>
    public X509Certificate2Collection TrustedIssuers { get; } = [];

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> JwkSet => Volatile.Read(ref _jwkSet);

    /// <inheritdoc/>
    public string RootFile { get; private set; } = "";

    private X509Certificate2Collection Chain => [Issuing];

    /// <summary>Asks the cluster, and goes on asking.</summary>
    public static async Task<FrontendListenerKeys> StartAsync(
        IClusterClient grains, SiloOptions options, TimeProvider time, ILogger<FrontendListenerKeys> logger, CancellationToken cancellationToken)
    {
        var keys = new FrontendListenerKeys(grains, options, time, logger, await grains.GetGrain<IFrontendTrustGrain>(0).GetAsync(cancellationToken));
        keys.Certificate = new ServerCertificate(await keys.CertifiedAsync(cancellationToken), keys.Chain);
        var folder = Directory.CreateDirectory(
            Path.Combine(options.DataDirectory, DataFiles.Pki), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        keys.RootFile = Path.Combine(folder.FullName, "root.pem");
        await File.WriteAllTextAsync(keys.RootFile, keys.Root.ExportCertificatePem() + "\n", cancellationToken);
        keys._loop = keys.RunAsync();
        return keys;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task<X509Certificate2> CertifiedAsync(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=frontend", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var outcome = await _grains.GetGrain<IFrontendTrustGrain>(0).IssueServerAsync(request, [.. _options.CertificateHosts], cancellationToken);
        if (!outcome.TryGet(out var issued, out var refusal))
            throw new StartFailure($"host: the cluster does not certify these names ({refusal.Detail}); correct --host.");
        var now = _time.GetUtcNow();
        ExpiresAt = issued.ExpiresAt;
        _renewAt = ExpiresAt - ((ExpiresAt - now) / 3);
        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        return certificate.CopyWithPrivateKey(key);
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await LookAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var trust = await _grains.GetGrain<IFrontendTrustGrain>(0).GetAsync(cancellationToken);
            Volatile.Write(ref _jwkSet, Encoding.UTF8.GetBytes(trust.JwkSet));
            if (_time.GetUtcNow() >= _renewAt)
                Certificate.Replace(await CertifiedAsync(cancellationToken), Chain);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // What is there goes on; in five seconds it is tried again.
            NotAsked(_logger, fault);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster could not be asked for the keys of tokens; it will be tried again")]
    private static partial void NotAsked(ILogger logger, Exception fault);
}
