using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <inheritdoc/>
[GrainType("interconnection"), StatelessWorker(MostWorkers), Reentrant]
internal sealed partial class InterconnectionGrain(
    IPeerClient client, InterconnectionOptions options, TimeProvider time, ILogger<InterconnectionGrain> logger) : Grain, IInterconnectionGrain
{
    private const int MostWorkers = 16;

    /// <inheritdoc/>
    public async Task<Outcome> RevokeByPeerAsync(
        string ccfId, string apiInvokerId, SecurityNotification? notification, CancellationToken cancellationToken)
    {
        // Of ours: the peer's AEFs let it in no more, and the apiIds are ours already.
        if (await Invoker(apiInvokerId).IsOnboardedAsync(cancellationToken))
            return await Invoker(apiInvokerId).RevokeByPeerAsync(ccfId, notification, cancellationToken);
        if (notification is not null)
        {
            var ours = await Sharing(ccfId).ToOwnAsync(notification.ApiIds, cancellationToken);
            if (ours.IsEmpty)
                return Refusal.NotFound("None of these service APIs is shared with the core function that asks.", "RESOURCE_NOT_FOUND");
            notification = notification with { ApiIds = [.. ours.Values.Order(StringComparer.Ordinal)] };
        }

        return await Interconnected(apiInvokerId).RevokeByPeerAsync(ccfId, notification, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome> RevokeByAefAsync(string aefId, string apiInvokerId, SecurityNotification? notification, CancellationToken cancellationToken)
    {
        if (options.CcfId is null || await Invoker(apiInvokerId).IsOnboardedAsync(cancellationToken))
        {
            return notification is null
                ? await Invoker(apiInvokerId).DeleteSecurityContextAsync(aefId, cancellationToken)
                : await Invoker(apiInvokerId).RevokeAuthorizationAsync(aefId, notification, cancellationToken);
        }

        return await Interconnected(apiInvokerId).RevokeByAefAsync(aefId, notification, cancellationToken);
    }

    private IApiInvokerGrain Invoker(string apiInvokerId) => GrainFactory.GetGrain<IApiInvokerGrain>(apiInvokerId);

    private IInterconnectedInvokerGrain Interconnected(string apiInvokerId) => GrainFactory.GetGrain<IInterconnectedInvokerGrain>(apiInvokerId);

    private IPeerSharingGrain Sharing(string ccfId) => GrainFactory.GetGrain<IPeerSharingGrain>(ccfId);

    private Task<InterconnectedCcf?> PeerAsync(string ccfId, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IInterconnectedCcfGrain>(ccfId).GetAsync(cancellationToken);

    private static string Trusted(string apiInvokerId) => "/capif-security/v1/trustedInvokers/" + Uri.EscapeDataString(apiInvokerId);

    private Refusal NotUnderstood(string ccfId, string operation)
    {
        Garbage(ccfId, operation);
        return Refusal.Of(ErrorKind.Unavailable, $"The answer of the core function {ccfId} cannot be used.", "PEER_ANSWER_INVALID");
    }

    [LoggerMessage(1, LogLevel.Error, "What core function {CcfId} answered to {Operation} cannot be used")]
    private partial void Garbage(string ccfId, string operation);

    [LoggerMessage(2, LogLevel.Warning, "Core function {CcfId} refused {Operation} for API invoker {ApiInvokerId} with {Status}")]
    private partial void PeerRefused(string ccfId, string operation, string apiInvokerId, int status);
}
