using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>What follows a revocation: the invoker is told, and so is who subscribed (29.222 5.6.2.5.2, 8.5.3).</summary>
internal sealed partial class ApiInvokerGrain
{
    private async Task PublishRevocationAsync(
        string destination, string aefId, ImmutableArray<string> apiIds, Cause cause, CancellationToken cancellationToken)
    {
        var noticeId = PendingEvents.NewId();
        // The notice is on the disk before the change is: a crash in between tells the invoker of a revocation that it may not find, and the
        // AEF, which got no answer, asks again.
        await GrainFactory.GetGrain<ISecurityNoticeGrain>(ApiInvokerId).EnqueueAsync(
            noticeId, destination, new SecurityNotification { ApiInvokerId = ApiInvokerId, AefId = aefId, ApiIds = apiIds, Cause = cause }, cancellationToken);
        await AddEventAsync(
            CapifEvent.ApiInvokerAuthorizationRevoked, new CapifEventDetail { ApiInvokerIds = [ApiInvokerId] }, [aefId], apiIds, cancellationToken);
        await WriteAsync();
        await PublishPendingAsync(cancellationToken);
    }
}
