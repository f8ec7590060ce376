using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Hosting;

/// <summary>
/// Keeps the listeners' certificate good while they run: looks once a day whether a new one is due (a third of its life is left) and presents
/// it from the next handshake on; connections already made keep theirs.
/// </summary>
internal sealed partial class ServerCertificateRenewal : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private readonly CertificateAuthorityStore _store;
    private readonly ICertificateIssuer _issuer;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _loop;

    /// <summary>Takes the certificate that is there, or makes it, and begins to look after it.</summary>
    public ServerCertificateRenewal(CertificateAuthorityStore store, ICertificateIssuer issuer, TimeProvider time, ILogger<ServerCertificateRenewal> logger)
    {
        _store = store;
        _issuer = issuer;
        _logger = logger;
        var first = store.ServerCertificate(issuer);
        Thumbprint = first.Thumbprint;
        ExpiresAt = first.NotAfter;
        Certificate = new ServerCertificate(first, Chain);
        _loop = RunAsync(time);
    }

    /// <summary>What the listeners present.</summary>
    public ServerCertificate Certificate { get; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    private string Thumbprint { get; set; }

    private X509Certificate2Collection Chain => [_store.Issuing];

    /// <summary>Presents a new certificate if one is due.</summary>
    public void Renew()
    {
        lock (_lock)
            RenewIfDue();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private void RenewIfDue()
    {
        try
        {
            var now = _store.ServerCertificate(_issuer);
            if (now.Thumbprint == Thumbprint)
            {
                now.Dispose();
                return;
            }

            Certificate.Replace(now, Chain);
            Thumbprint = now.Thumbprint;
            ExpiresAt = now.NotAfter;
            Renewed(_logger, ExpiresAt);
        }
        catch (Exception fault)
        {
            // The old one is good for a third of its life still; tomorrow is another day.
            NotRenewed(_logger, fault);
        }
    }

    private async Task RunAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                Renew();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The server certificate was renewed; the new one expires at {ExpiresAt}")]
    private static partial void Renewed(ILogger logger, DateTimeOffset expiresAt);

    [LoggerMessage(2, LogLevel.Error, "The server certificate could not be renewed; it will be tried again in a day")]
    private static partial void NotRenewed(ILogger logger, Exception fault);
}
