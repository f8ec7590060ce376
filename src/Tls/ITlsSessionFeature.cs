using System.Net.Security;
using System.Security.Authentication;

namespace CapifOrleans.Tls;

/// <summary>
/// The TLS session of a connection, as its own end sees it: a connection feature on a server, handed to
/// <see cref="OpenSslClientOptions.Connected"/> on a client. What is secret in it is gone when the connection is.
/// </summary>
public interface ITlsSessionFeature
{
    /// <summary>Tls12 or Tls13.</summary>
    SslProtocols ProtocolVersion { get; }

    /// <summary>The cipher suite.</summary>
    TlsCipherSuite CipherSuite { get; }

    /// <summary>The session id of the full handshake, 32 octets that both ends know; empty in TLS 1.3, which has none.</summary>
    ReadOnlyMemory<byte> SessionId { get; }

    /// <summary>The master secret, 48 octets; empty in TLS 1.3. It is secret.</summary>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    ReadOnlyMemory<byte> MasterSecret { get; }

    /// <summary>Whether the master secret is bound to the whole handshake (RFC 7627); always so in TLS 1.3.</summary>
    bool IsExtendedMasterSecret { get; }

    /// <summary>The identity of the pre-shared key that authenticated both ends; empty if certificates did.</summary>
    ReadOnlyMemory<byte> PskIdentity { get; }

    /// <summary>The exporter (RFC 5705, RFC 8446 7.5) without context: octets that both ends derive alike, and nobody else.</summary>
    /// <param name="label">Says what they are for; its own for each use.</param>
    /// <param name="length">How many octets.</param>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    byte[] Export(string label, int length);
}
