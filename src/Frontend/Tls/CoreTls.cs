using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Frontend.Tls;

/// <summary>
/// TLS of the core listener. A client certificate is asked for and optional in the handshake, since onboarding has none (33.122 6.1 step 2);
/// operations that need one refuse later, with a reason. Nothing is resumed: every session is a full handshake with its own check.
/// </summary>
internal sealed class CoreTls(ServerCertificate server, ClientCertificatePolicy policy)
{
    private static readonly List<SslApplicationProtocol> Alpn = TlsProfile.ApplicationProtocols;

    /// <summary>The options of one handshake.</summary>
    public ValueTask<SslServerAuthenticationOptions> OptionsAsync(TlsHandshakeCallbackContext context)
    {
        var caller = context.Connection.Features.Get<ConnectionCaller>()!;
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = server.Current,
            EnabledSslProtocols = TlsProfile.Protocols,
            CipherSuitesPolicy = TlsProfile.CipherSuites,
            ApplicationProtocols = Alpn,
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = policy.ChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accept(caller, certificate, chain),
        });
    }

    private bool Accept(ConnectionCaller caller, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is X509Certificate2 presented)
        {
            // A copy of our own: the handshake's instance is disposed with the stream.
            caller.Certificate = new X509Certificate2(presented);
            caller.Verdict = policy.Judge(presented, chain);
        }

        return true;
    }
}
