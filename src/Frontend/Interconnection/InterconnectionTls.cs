using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Connections;
using CapifOrleans.Frontend.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Frontend.Interconnection;

/// <summary>
/// TLS of the interconnection listener. Whoever connects must prove to hold some certificate; whose it is, the peer's grain judges at the first
/// request, so that a peer with a wrong one is told what is wrong with it. Nothing is served before that.
/// </summary>
internal sealed class InterconnectionTls(Func<SslStreamCertificateContext> own)
{
    // What a peer sends to build its chain: more is no chain.
    private const int MostSent = 8;

    /// <summary>The options of one handshake.</summary>
    public ValueTask<SslServerAuthenticationOptions> OptionsAsync(TlsHandshakeCallbackContext context)
    {
        var caller = context.Connection.Features.Get<ConnectionCaller>()!;
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own(),
            EnabledSslProtocols = TlsProfile.Protocols,
            CipherSuitesPolicy = TlsProfile.CipherSuites,
            ApplicationProtocols = TlsProfile.ApplicationProtocols,
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => Take(caller, certificate, chain),
        });
    }

    private static bool Take(ConnectionCaller caller, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not X509Certificate2 presented)
            return true;
        // A copy of our own: the handshake's instance is disposed with the stream.
        caller.Certificate = new X509Certificate2(presented);
        var sent = chain?.ChainPolicy.ExtraStore ?? [];
        caller.Chain = sent.Count > MostSent ? [] : [.. sent.Select(one => one.RawData.ToImmutableArray())];
        return true;
    }
}
