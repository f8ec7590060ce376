using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Connections;
using CapifOrleans.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Frontend.Tls;

/// <summary>The same TLS as <see cref="CoreTls"/>, by the same rules, on OpenSSL: a session of it can be seen (33.122 Annex A).</summary>
internal sealed class CoreOpenSsl
{
    private readonly ServerCertificate _certificate;
    private readonly ClientCertificatePolicy _policy;

    private CoreOpenSsl(ServerCertificate certificate, ClientCertificatePolicy policy, TimeSpan handshakeTimeout)
    {
        _certificate = certificate;
        _policy = policy;
        Server = new OpenSslServer(new OpenSslServerOptions
        {
            Certificate = certificate.Current.TargetCertificate,
            Chain = [.. certificate.Current.IntermediateCertificates],
            ClientCertificateMode = ClientCertificateMode.AllowCertificate,
            Verify = Accept,
            HandshakeTimeout = handshakeTimeout,
        });
    }

    private OpenSslServer Server { get; }

    /// <summary>A server that follows the certificate.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    public static OpenSslServer Create(ServerCertificate certificate, ClientCertificatePolicy policy, TimeSpan handshakeTimeout)
    {
        var made = new CoreOpenSsl(certificate, policy, handshakeTimeout);
        certificate.Replaced += made.Follow;
        return made.Server;
    }

    private void Follow() => Server.Replace(_certificate.Current.TargetCertificate, [.. _certificate.Current.IntermediateCertificates]);

    /// <summary>Keeps the verdict; whoever needs a certificate is refused later, with a reason.</summary>
    private bool Accept(PeerVerification peer)
    {
        var caller = peer.Connection!.Features.Get<ConnectionCaller>()!;
        using var chain = new X509Chain { ChainPolicy = _policy.ChainPolicy() };
        chain.ChainPolicy.ExtraStore.AddRange(peer.Chain);
        chain.Build(peer.Certificate);
        caller.Certificate = peer.Certificate;
        caller.Verdict = _policy.Judge(peer.Certificate, chain);
        foreach (var element in chain.ChainElements)
            element.Certificate.Dispose();
        return true;
    }
}
