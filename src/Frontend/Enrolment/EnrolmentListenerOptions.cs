using System.Net;
using CapifOrleans.Frontend.Tls;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>What the enrolment listener needs to be started.</summary>
public sealed class EnrolmentListenerOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint EndPoint { get; set; } = new(IPAddress.IPv6Any, 8084);

    /// <summary>The certificate that it presents.</summary>
    public required ServerCertificate ServerCertificate { get; init; }

    /// <summary>
    /// What the core function's certificates are checked with, as PEM (33.122 6.1 step 1): the root, then the issuing authority. Method PKI's
    /// authenticationInfo is the same text.
    /// </summary>
    public required string TrustBundlePem { get; init; }

    /// <summary>The core listener's base address; asked for at every request, since it is known only once that listener runs.</summary>
    public required Func<Uri> CoreAddress { get; init; }

    /// <summary>The most connections at a time; further ones are closed at once.</summary>
    public long MaxConnections { get; set; } = 20_000;
}
