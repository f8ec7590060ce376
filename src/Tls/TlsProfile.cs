namespace CapifOrleans.Tls;

/// <summary>The profile of TS 33.210 6.2 in OpenSSL's words: authenticated encryption with forward secrecy only.</summary>
internal static class TlsProfile
{
    /// <summary>112 bits: RSA and DH of 2048 bits at least, no SHA-1.</summary>
    internal const int SecurityLevel = 2;

    /// <summary>One of SHA-256 first: external keys are bound to it (RFC 8446 4.2.11).</summary>
    internal const string Tls13Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

    internal const string Groups = "X25519:P-256:P-384";

    internal const string Signatures =
        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512";

    internal const string CertificateSuites =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    // OpenSSL 3 has no ECDHE-PSK with AES-GCM (RFC 8442).
    private const string CheapPskSuites = "ECDHE-PSK-CHACHA20-POLY1305";

    // Ten times the work of the others: last, or it would be a cheap way to keep a server busy.
    private const string DearPskSuites = "DHE-PSK-AES128-GCM-SHA256:DHE-PSK-AES256-GCM-SHA384:DHE-PSK-CHACHA20-POLY1305";

    /// <summary>The TLS 1.2 suites of a context. A peer that offers a key means it: keys come before certificates.</summary>
    internal static string Tls12Suites(bool certificate, bool psk) => (certificate, psk) switch
    {
        (true, true) => $"{CheapPskSuites}:{CertificateSuites}:{DearPskSuites}",
        (false, true) => $"{CheapPskSuites}:{DearPskSuites}",
        _ => CertificateSuites,
    };
}
