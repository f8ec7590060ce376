using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace CapifOrleans.Frontend.Connections;

/// <summary>
/// Who is at the other end of one TLS connection. It is found out at the connection's first request that needs it, by asking the grain
/// that owns the certificate's record, and holds as long as the connection: revocation ends the connection.
/// </summary>
internal sealed class ConnectionCaller(ConnectionContext connection, ICallerResolver resolver, ConnectionRegistry registry, TimeProvider time)
{
    /// <summary>What a caller without a certificate is told.</summary>
    public static readonly Refusal NoCertificate = Refusal.Of(
        ErrorKind.Unauthenticated, "This operation needs a client certificate of this core function.", "CLIENT_CERTIFICATE_MISSING");

    /// <summary>What a caller is told whose certificate expired, before or after the connection was made.</summary>
    public static readonly Refusal Expired = Refusal.Of(
        ErrorKind.Unauthenticated, "The client certificate has expired.", "CLIENT_CERTIFICATE_EXPIRED");

    // How long a connection that is answering may go on when it should be closed.
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<Outcome<CallerIdentity>>? _identity;
    private ITimer? _abort;
    private bool _closing;

    /// <summary>The certificate that the peer proved to hold in the handshake, if any; set by the handshake.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The certificates that the peer sent along, DER; set by the handshake where the check comes later.</summary>
    public ImmutableArray<ImmutableArray<byte>> Chain { get; set; } = [];

    /// <summary>What the handshake's check of the certificate said.</summary>
    public ClientCertificateVerdict Verdict { get; set; } = ClientCertificateVerdict.None;

    /// <summary>The identity under which the registry knows the connection.</summary>
    public string? RegisteredId { get; private set; }

    /// <summary>Who it is, or why that is not known. The first call asks the grain, later ones remember.</summary>
    public Task<Outcome<CallerIdentity>> IdentifyAsync()
    {
        lock (_lock)
        {
            // A fault (a grain that timed out) is not remembered: the next request asks again.
            if (_identity is null || _identity.IsFaulted || _identity.IsCanceled)
                _identity = resolver.ResolveAsync(this);
            return _identity;
        }
    }

    /// <summary>
    /// Registers under an identity before its grain is asked: an offboarding that comes between the grain's answer and the first use of it
    /// then still finds the connection.
    /// </summary>
    public void RegisterAs(string id)
    {
        RegisteredId = id;
        registry.Add(id, this);
    }

    /// <summary>
    /// Tears the connection down. The server is asked to end it: an idle one at once, one that is answering after the answer, an answer that
    /// is on its way to the client with it (a deregistration closes the very connection that it came on). What that does not end in time is
    /// aborted.
    /// </summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closing)
                return;
            _closing = true;
            _abort = time.CreateTimer(
                _ => connection.Abort(new ConnectionAbortedException("The caller's authorization ended.")),
                null, AnswerGrace, Timeout.InfiniteTimeSpan);
        }

        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
            lifetime.RequestClose();
        else
            connection.Abort(new ConnectionAbortedException("The caller's authorization ended."));
    }

    /// <summary>The connection is gone.</summary>
    public void Closed()
    {
        lock (_lock)
        {
            _closing = true;
            _abort?.Dispose();
        }

        if (RegisteredId is { } id)
            registry.Remove(id, this);
        Certificate?.Dispose();
    }
}
