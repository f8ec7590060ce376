using CapifOrleans.Aef.Exposure;
using CapifOrleans.Aef.Security;

namespace CapifOrleans.Aef.Events;

/// <summary>
/// Whether a connection is the core function's own: its client certificate chains to the core function's root, as its server certificate does,
/// and bears its name (33.122 6.6).
/// </summary>
/// <param name="anchors">The core function's root; null where nobody can prove to be it.</param>
/// <param name="host">The name by which the AEF knows it.</param>
/// <param name="time">The clock.</param>
internal sealed class CoreFunctionPeers(TrustBundle? anchors, string? host, TimeProvider time)
{
    /// <summary>Whether it is.</summary>
    public bool IsCoreFunction(InvokerConnection connection) =>
        anchors is not null && host is not null && connection.Certificate is { } certificate
        && certificate.MatchesHostname(host, allowCommonName: false)
        && connection.Judge(anchors, time.GetUtcNow()) == CertificateVerdict.Valid;
}
