using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Tls;

namespace CapifOrleans.Client;

/// <summary>
/// What was selected for one AEF, and what gives access to it: the AEFPSK, or tokens, and connections of that method. It is not changed but
/// replaced by another, and its keys and connections go with it.
/// </summary>
internal sealed class AefAccess(ApiInvokerOptions options, InvokerIdentity identity, CoreConnection core, string aefId, SecurityMethod method) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<AefConnection>> _connections = new(StringComparer.OrdinalIgnoreCase);
    private readonly AccessTokens _tokens = new(options, identity, core, aefId);
    private volatile bool _disposed;

    public string AefId => aefId;

    public SecurityMethod Method => method;

    /// <summary>AEFPSK, where that is the method.</summary>
    public byte[]? Key { private get; init; }

    /// <summary>The identity that goes with it.</summary>
    public required string PskIdentity { private get; init; }

    /// <summary>Until when the key is used.</summary>
    public required Validity Validity { get; init; }

    /// <summary>Whether another has taken its place.</summary>
    public bool IsDisposed => _disposed;

    /// <summary>The access token for a service API (TS 33.122 6.5.2.3).</summary>
    public Task<string> TokenAsync(string apiName, CancellationToken cancellationToken) => _tokens.GetAsync(apiName, cancellationToken);

    /// <summary>Connections to the AEF at this apiRoot, by the method.</summary>
    public AefConnection Connection(Uri root)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _connections.GetOrAdd(root.AbsoluteUri, _ => new Lazy<AefConnection>(() => new AefConnection(root, Handler(root), Initiation(), options, identity))).Value;
    }

    /// <summary>Before the AEF is asked again: no token that it refused, and another authentication initiation, as it may have forgotten.</summary>
    public void Refresh(Uri root, string apiName)
    {
        _tokens.Forget(apiName);
        if (_connections.TryRemove(root.AbsoluteUri, out var connection))
            connection.Value.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        foreach (var connection in _connections.Values)
            connection.Value.Dispose();
        _tokens.Dispose();
        CryptographicOperations.ZeroMemory(Key);
    }

    /// <summary>Server-authenticated TLS, as authentication initiation comes before there is anything else (33.122 6.5.2.1).</summary>
    private SocketsHttpHandler Initiation() => ClientTls.CreateHandler(Roots());

    private SocketsHttpHandler Handler(Uri root) => method switch
    {
        SecurityMethod.Psk => OpenSslHttp.CreateHandler(new OpenSslClientOptions
        {
            TargetHost = root.IdnHost.Trim('[', ']'),
            // After the key is gone nothing is offered, rather than zeros.
            Psk = () => _disposed ? null : new PskCredential(Encoding.UTF8.GetBytes(PskIdentity), Key),
        }),
        SecurityMethod.Pki => ClientTls.CreateHandler(Roots(), identity.Certificate, identity.Chain),
        _ => ClientTls.CreateHandler(Roots()),
    };

    private System.Security.Cryptography.X509Certificates.X509Certificate2Collection Roots() => [.. identity.Roots, .. options.AefRoots];
}
