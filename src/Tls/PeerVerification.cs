using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace CapifOrleans.Tls;

/// <summary>
/// The certificate that a peer presents within a handshake, for a verdict. Reading a certificate costs as much as the rest of a handshake:
/// who has seen it before can tell by its octets.
/// </summary>
public sealed class PeerVerification
{
    private readonly Func<X509Certificate2> _certificate;
    private readonly IReadOnlyList<byte[]> _sent;
    private X509Certificate2Collection? _chain;

    internal PeerVerification(ReadOnlyMemory<byte> encoded, Func<X509Certificate2> certificate, IReadOnlyList<byte[]> sent, ConnectionContext? connection)
    {
        EncodedCertificate = encoded;
        _certificate = certificate;
        _sent = sent;
        Connection = connection;
    }

    /// <summary>The peer's certificate as it was sent, DER.</summary>
    public ReadOnlyMemory<byte> EncodedCertificate { get; }

    /// <summary>The peer's certificate. It is the connection's, and disposed with it.</summary>
    public X509Certificate2 Certificate => _certificate();

    /// <summary>What the peer sent along to build a chain with; none of it is trusted. It is disposed after the verdict.</summary>
    public X509Certificate2Collection Chain => _chain ??= [.. _sent.Select(X509CertificateLoader.LoadCertificate)];

    /// <summary>The connection, on a server.</summary>
    public ConnectionContext? Connection { get; }

    internal void Forget()
    {
        foreach (var one in _chain ?? [])
            one.Dispose();
    }
}

/// <summary>
/// Decides whether a peer's certificate is accepted. It runs within the handshake and synchronously: no input, no output, no waiting.
/// An exception refuses.
/// </summary>
public delegate bool PeerVerifier(PeerVerification peer);

/// <summary>
/// Finds the pre-shared key of an identity (1 to 255 octets, a text in UTF-8); null if there is none, or none any more. Synchronous, from memory. An
/// unknown identity is refused as a wrong key is: a random key stands in for it.
/// </summary>
public delegate byte[]? PskLookup(ReadOnlySpan<byte> identity);

/// <summary>A pre-shared key and its name.</summary>
/// <param name="Identity">1 to 255 octets, none of them 0.</param>
/// <param name="Key">The key, at most 256 octets. It is secret.</param>
public readonly record struct PskCredential(ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> Key)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(PskCredential);
}
