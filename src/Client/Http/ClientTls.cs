using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls;

namespace CapifOrleans.Client;

/// <summary>TLS of an API invoker on .NET's own stack: TS 33.210 6.2, certain roots only, and its certificate where one is to be shown.</summary>
internal static class ClientTls
{
    /// <summary>A handler whose connections are server-authenticated, and mutually so with a certificate.</summary>
    public static SocketsHttpHandler CreateHandler(X509Certificate2Collection roots, X509Certificate2? certificate = null, X509Certificate2Collection? chain = null) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = DotNetTlsProfile.Protocols,
            // Windows chooses suites by policy of its own.
            CipherSuitesPolicy = OperatingSystem.IsWindows() ? null : DotNetTlsProfile.CipherSuites,
            AllowTlsResume = false,
            CertificateChainPolicy = ChainPolicy(roots),
            // With its chain, so that a server need not have the issuing certificate.
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, chain, offline: true),
        },
    };

    private static X509ChainPolicy ChainPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
