using CapifOrleans.Grains.Events;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// Brings an outbox's entries to a peer as Revoke_Authorization (29.222 5.6.2.5): DELETE where there is no body, else POST. The destination's host is of
/// no meaning; the peer's registered address counts.
/// </summary>
internal sealed partial class PeerNoticeSender(IPeerClient client, Func<IInterconnectedCcfGrain> peer, ILogger logger) : INotificationSender
{
    /// <summary>The resource of an API invoker's authorizations.</summary>
    public static string Destination(string apiInvokerId, bool isDelete) =>
        $"https://peer/capif-security/v1/trustedInvokers/{Uri.EscapeDataString(apiInvokerId)}{(isDelete ? "" : "/delete")}";

    /// <inheritdoc/>
    public async Task<bool> SendAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        // None any more: nobody is left to be told.
        if (await peer().GetAsync(cancellationToken) is not { } ccf)
            return true;
        var request = new PeerRequest(json.IsEmpty ? HttpMethod.Delete : HttpMethod.Post, destination.AbsolutePath) { Body = json };
        var outcome = await client.SendAsync(ccf, request, cancellationToken);
        if (!outcome.TryGet(out var answer, out _) || answer.Status is 401 or 429)
            return false;
        // It knows of no such thing, or never will take it: saying it again would not help, and what waits behind it matters.
        if (!answer.IsSuccess && answer.Status != 404)
            NotTaken(logger, ccf.CcfId, answer.Status);
        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "Core function {CcfId} refused a revocation with {Status}")]
    private static partial void NotTaken(ILogger logger, string ccfId, int status);
}
