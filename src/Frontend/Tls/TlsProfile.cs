using System.Net.Security;
using System.Security.Authentication;
using CapifOrleans.Tls;

namespace CapifOrleans.Frontend.Tls;

/// <summary>The TLS profile of TS 33.210 6.2, as listeners on .NET's own stack have it.</summary>
public static class TlsProfile
{
    /// <summary>The protocol versions.</summary>
    public const SslProtocols Protocols = DotNetTlsProfile.Protocols;

    /// <summary>ALPN: HTTP/2 is recommended, HTTP/1.1 mandatory (29.222 7.3).</summary>
    public static List<SslApplicationProtocol> ApplicationProtocols => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    /// <summary>The cipher suites.</summary>
    public static CipherSuitesPolicy CipherSuites => DotNetTlsProfile.CipherSuites;
}
