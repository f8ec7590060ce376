using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CapifOrleans.Tls;

/// <summary>What Kestrel and applications ask of a TLS connection, whoever made it.</summary>
internal sealed class ConnectionTlsFeatures(OpenSslSession session) : ITlsConnectionFeature, ITlsHandshakeFeature, ITlsApplicationProtocolFeature
{
    private X509Certificate2? _clientCertificate;

    public X509Certificate2? ClientCertificate
    {
        get => _clientCertificate ?? session.PeerCertificate;
        set => _clientCertificate = value;
    }

    public ReadOnlyMemory<byte> ApplicationProtocol => session.ApplicationProtocol;

    public SslProtocols Protocol => session.ProtocolVersion;

    public TlsCipherSuite? NegotiatedCipherSuite => session.CipherSuite;

    public string HostName => session.HostName;

    // The members before .NET 10's time, for one kind of suite only; the suite itself says it all.
#pragma warning disable SYSLIB0058
    public CipherAlgorithmType CipherAlgorithm => CipherAlgorithmType.None;

    public int CipherStrength => 0;

    public HashAlgorithmType HashAlgorithm => HashAlgorithmType.None;

    public int HashStrength => 0;

    public ExchangeAlgorithmType KeyExchangeAlgorithm => ExchangeAlgorithmType.None;

    public int KeyExchangeStrength => 0;
#pragma warning restore SYSLIB0058

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
}
