using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Logging;

namespace CapifOrleans.Grains.Logging;

/// <inheritdoc/>
[GrainType("invocation-logging"), StatelessWorker]
internal sealed class InvocationLoggingGrain(IInvocationLogStore store, TimeProvider time) : Grain, IInvocationLoggingGrain
{
    /// <inheritdoc/>
    public async Task<Outcome<StoredInvocationLog>> LogAsync(CallerIdentity aef, InvocationLog log, CancellationToken cancellationToken)
    {
        if (log.AefId != aef.Id)
            return Refusal.OfAttribute("aefId", "AEF id not matching in request and body", ErrorKind.Forbidden, "Not identical AEF id");
        if (!await GrainFactory.GetGrain<IApiInvokerGrain>(log.ApiInvokerId).IsOnboardedAsync(cancellationToken))
            return Refusal.OfAttribute("apiInvokerId", "Invoker not exist", ErrorKind.NotFound, "Invoker id not found");
        if (await UnknownApiAsync(log, cancellationToken) is { } unknown)
            return unknown;
        var logId = Guid.NewGuid().ToString("N");
        var accepted = log with { SupportedFeatures = log.SupportedFeatures?.Intersect(SupportedFeatures.Of()) };
        await store.AppendAsync(logId, aef.ApiProvDomId!, accepted, cancellationToken);
        await PublishAsync(aef, accepted, logId, cancellationToken);
        return new StoredInvocationLog { LogId = logId, Log = accepted };
    }

    private async Task<Refusal?> UnknownApiAsync(InvocationLog log, CancellationToken cancellationToken)
    {
        var discovery = GrainFactory.GetGrain<IDiscoveryGrain>(0);
        for (var index = 0; index < log.Logs.Length; index++)
        {
            var entry = log.Logs[index];
            var published = await discovery.FindByIdAsync(entry.ApiId, cancellationToken);
            if (published?.Description.AefProfiles?.Any(profile => profile.AefId == log.AefId) != true)
                return Refusal.OfAttribute($"logs[{index}].apiId", "Service API not exist", ErrorKind.NotFound, "Service API id not found");
            if (published.Description.ApiName != entry.ApiName)
                return Refusal.OfAttribute($"logs[{index}].apiName", "Service API not exist", ErrorKind.NotFound, "Service API name not found");
        }

        return null;
    }

    /// <summary>
    /// One occurrence an entry (29.222 8.3.4.3.3); 2xx is success. The log itself is the record: a crash between it and this loses the
    /// notification, and the AEF, which got no answer, logs again.
    /// </summary>
    private async Task PublishAsync(CallerIdentity aef, InvocationLog log, string logId, CancellationToken cancellationToken)
    {
        for (var index = 0; index < log.Logs.Length; index++)
        {
            var entry = log.Logs[index];
            var isSuccess = entry.Result.Length == 3 && entry.Result[0] == '2';
            var topic = PendingEvents.Topic(GrainFactory, isSuccess ? CapifEvent.ServiceApiInvocationSuccess : CapifEvent.ServiceApiInvocationFailure);
            if (!await topic.HasSubscribersAsync(cancellationToken))
                continue;
            await topic.PublishAsync(
                new EventOccurrence
                {
                    EventId = $"{logId}-{index}",
                    Event = isSuccess ? CapifEvent.ServiceApiInvocationSuccess : CapifEvent.ServiceApiInvocationFailure,
                    OccurredAt = time.GetUtcNow(),
                    Detail = new CapifEventDetail { InvocationLogs = [log with { Logs = [entry] }] },
                    ApiIds = [entry.ApiId],
                    AefIds = [log.AefId],
                    ApiInvokerIds = [log.ApiInvokerId],
                    ApiProvDomId = aef.ApiProvDomId,
                },
                cancellationToken);
        }
    }
}
