using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Tls;

/// <summary>TLS of a listener: TLS 1.2 and 1.3, the suites of TS 33.210 6.2, no resumption, no renegotiation.</summary>
public sealed class OpenSslServerOptions
{
    /// <summary>The certificate with its private key. Without one only a pre-shared key lets a peer in.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The issuers that are sent along with it, its own first.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    /// <summary>Whether a client certificate is asked for, and needed. A peer with a pre-shared key is never asked for one.</summary>
    public ClientCertificateMode ClientCertificateMode { get; init; } = ClientCertificateMode.NoCertificate;

    /// <summary>Judges client certificates; without it every one of them is refused.</summary>
    public PeerVerifier? Verify { get; init; }

    /// <summary>Finds pre-shared keys; without it none are taken.</summary>
    public PskLookup? PskLookup { get; init; }

    /// <summary>ALPN, the preferred first. A peer that offers others only is refused, one that offers none is not.</summary>
    public IReadOnlyList<SslApplicationProtocol> ApplicationProtocols { get; init; } =
        [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <summary>A handshake that takes longer is a peer that stopped in the middle of it.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
