namespace CapifOrleans.Frontend.Tls;

/// <summary>Whose TLS a listener runs on.</summary>
public enum TlsStack
{
    /// <summary>OpenSSL 3 itself (src/Tls): cheaper handshakes, and the CAPIF-1e session can be seen, which method PSK needs (33.122 Annex A).</summary>
    OpenSsl,

    /// <summary>.NET's own. Method PSK is not offered.</summary>
    DotNet,
}
