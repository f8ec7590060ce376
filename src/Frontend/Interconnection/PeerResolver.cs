using CapifOrleans.Frontend.Connections;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Frontend.Interconnection;

/// <summary>
/// Whose a certificate is on the interconnection listener: its name says which peer to ask, and that peer's grain judges it by its own trust anchor. No
/// other authority counts, ours neither.
/// </summary>
internal sealed class PeerResolver(IClusterClient grains) : ICallerResolver
{
    private static readonly Refusal Unknown = Refusal.Of(
        ErrorKind.Unauthenticated, "The certificate names no core function that this one is interconnected with.", "PEER_UNKNOWN");

    /// <inheritdoc/>
    public async Task<Outcome<CallerIdentity>> ResolveAsync(ConnectionCaller connection)
    {
        if (connection.Certificate is not { } certificate)
            return ConnectionCaller.NoCertificate;
        var names = CertificateNames.Read(certificate);
        var peers = await grains.GetGrain<IInterconnectionDirectoryGrain>("peers").ListAsync(default);
        var named = peers.Where(peer => names.Contains(peer.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        // A certificate of two names would be two peers.
        if (named.Count != 1)
            return Refused(connection, Unknown);
        var ccfId = named[0].CcfId;
        // Registered before it is asked: a removal in between then still finds the connection.
        connection.RegisterAs(ccfId);
        var presented = new PresentedPeerCertificate { Certificate = [.. certificate.RawData], Chain = connection.Chain };
        var outcome = await grains.GetGrain<IInterconnectedCcfGrain>(ccfId).IdentifyAsync(presented, default);
        return outcome.Refusal is { } refusal ? Refused(connection, refusal) : outcome;
    }

    /// <summary>
    /// Ends the connection after the answer: it would stay refused as long as it is open, however soon the operator makes the peer one.
    /// </summary>
    private static Refusal Refused(ConnectionCaller connection, Refusal refusal)
    {
        connection.Close();
        return refusal;
    }
}
