using System.Net;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Frontend.Hosting;

/// <summary>What the core listener needs to be started.</summary>
public sealed class CoreListenerOptions
{
    /// <summary>What the operator decides before it is done.</summary>
    public OnboardingApproval OnboardingApproval { get; set; }

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint EndPoint { get; set; } = new(IPAddress.IPv6Any, 8443);

    /// <summary>The certificate that it presents.</summary>
    public required ServerCertificate ServerCertificate { get; init; }

    /// <summary>Whose TLS it runs on.</summary>
    public TlsStack Tls { get; init; }

    /// <summary>Which client certificates it accepts.</summary>
    public required ClientCertificatePolicy ClientCertificates { get; init; }

    /// <summary>The JWK set (RFC 7517) of the keys that sign access tokens, as JSON; asked for at every request of it.</summary>
    public required Func<ReadOnlyMemory<byte>> TokenKeys { get; init; }

    /// <summary>The identifier of this core function among those of others; null where it is interconnected with none.</summary>
    public string? CcfId { get; init; }

    /// <summary>The base address of the listener that resource owners come to; null where there is none.</summary>
    public Func<Uri>? AuthorizationServer { get; init; }

    /// <summary>The identifier that the helper interface tells: <see cref="CcfId"/>, or where there is none one of the root's key.</summary>
    public required string HelperCcfId { get; init; }

    /// <summary>The most connections at a time; further ones are closed at once.</summary>
    public long MaxConnections { get; set; } = 20_000;
}
