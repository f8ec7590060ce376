using System.Security.Cryptography;
using CapifOrleans.Compatibility;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Publish;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Logging;

/// <inheritdoc/>
[GrainType("invocation-logging"), StatelessWorker]
internal sealed class InvocationLoggingGrain(IInvocationLogStore store, CompatibilityProfile profile, TimeProvider time) : Grain, IInvocationLoggingGrain
{
    // 29.222 8.7.6.
    private const int SliceBasedApiExposure = 1;
    private static readonly SupportedFeatures Features = SupportedFeatures.Of(SliceBasedApiExposure);

    /// <inheritdoc/>
    public async Task<Outcome<StoredInvocationLog>> LogAsync(
        CallerIdentity aef, InvocationLog log, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (log.AefId != aef.Id)
            return profile.ForeignLog ?? Refusal.Exactly(ErrorKind.Forbidden, "AEF id not matching in request and body", "Not identical AEF id", "aefId");
        // What an invoker did before it was offboarded is logged, also when its log comes after.
        if (!await GrainFactory.GetGrain<IApiInvokerGrain>(log.ApiInvokerId).IsOnboardedAsync(cancellationToken)
            && await GrainFactory.GetGrain<IAefGrain>(aef.Id).GetRevocationAsync(log.ApiInvokerId, cancellationToken) is null)
        {
            return Refusal.Exactly(ErrorKind.NotFound, "Invoker not exist", "Invoker id not found", "apiInvokerId");
        }

        if (await UnknownApiAsync(log, cancellationToken) is { } unknown)
            return unknown;
        var batch = Batch(aef, Accept(log), idempotencyKey);
        var appended = await store.AppendAsync(batch, cancellationToken);
        if (appended.LogId is not { } logId)
            return Refusal.OfAttribute("Idempotency-Key", "was used for another batch", cause: "IDEMPOTENCY_KEY_REUSED");
        if (!appended.IsPublished && await PublishAsync(aef, batch.Log, logId, cancellationToken) && batch.RequestKey is { } requestKey)
            await store.SetPublishedAsync(log.AefId, requestKey, cancellationToken);
        return new StoredInvocationLog { LogId = logId, Log = batch.Log };
    }

    /// <summary>29.500 6.6.2: what belongs to a feature counts only where both ends have it.</summary>
    private InvocationLog Accept(InvocationLog log)
    {
        var common = log.SupportedFeatures?.Intersect(Features);
        return log with
        {
            SupportedFeatures = profile.Accept(log.SupportedFeatures, Features),
            Logs = common?.Has(SliceBasedApiExposure) == true ? log.Logs : [.. log.Logs.Select(entry => entry.NetSliceInfo is null ? entry : entry with { NetSliceInfo = null })],
        };
    }

    private InvocationBatch Batch(CallerIdentity aef, InvocationLog log, string? idempotencyKey)
    {
        var digest = SHA256.HashData(WireJson.SerializeToUtf8Bytes(log));
        // Two batches without times may well be the same and yet tell of different invocations.
        var isUnique = log.Logs.All(entry => entry.InvocationTime is not null);
        return new InvocationBatch
        {
            LogId = Guid.NewGuid().ToString("N"),
            ApiProvDomId = aef.ApiProvDomId!,
            Log = log,
            ReceivedAt = time.GetUtcNow(),
            Digest = [.. digest],
            RequestKey = idempotencyKey is not null ? "key:" + idempotencyKey : isUnique ? "sha256:" + Convert.ToHexStringLower(digest) : null,
        };
    }

    private async Task<Refusal?> UnknownApiAsync(InvocationLog log, CancellationToken cancellationToken)
    {
        var discovery = GrainFactory.GetGrain<IDiscoveryGrain>(0);
        var known = new Dictionary<string, PublishedServiceApi?>(StringComparer.Ordinal);
        for (var index = 0; index < log.Logs.Length; index++)
        {
            var entry = log.Logs[index];
            if (!known.TryGetValue(entry.ApiId, out var published))
                known[entry.ApiId] = published = await discovery.FindByIdAsync(entry.ApiId, cancellationToken);
            // One that is hidden logs what comes to it by way of the AEF before it.
            if (published is null || !PublishRules.AefIds(published).Contains(log.AefId))
                return Refusal.Exactly(ErrorKind.NotFound, "Service API not exist", "Service API id not found", $"logs[{index}].apiId");
            if (published.Description.ApiName != entry.ApiName)
                return Refusal.Exactly(ErrorKind.NotFound, "Service API not exist", "Service API name not found", $"logs[{index}].apiName");
        }

        return null;
    }

    /// <summary>
    /// One occurrence an entry (29.222 8.3.4.3.3); 2xx is success. A crash between the log and this leaves them unpublished, and the AEF, which
    /// got no answer, logs again: a batch that is known again is published then. False where nobody listens.
    /// </summary>
    private async Task<bool> PublishAsync(CallerIdentity aef, InvocationLog log, string logId, CancellationToken cancellationToken)
    {
        var listens = new Dictionary<CapifEvent, bool>();
        foreach (var capifEvent in new[] { CapifEvent.ServiceApiInvocationSuccess, CapifEvent.ServiceApiInvocationFailure })
            listens[capifEvent] = await PendingEvents.Topic(GrainFactory, capifEvent).HasSubscribersAsync(cancellationToken);
        for (var index = 0; index < log.Logs.Length; index++)
        {
            var entry = log.Logs[index];
            var isSuccess = entry.Result.Length == 3 && entry.Result[0] == '2';
            var capifEvent = isSuccess ? CapifEvent.ServiceApiInvocationSuccess : CapifEvent.ServiceApiInvocationFailure;
            if (!listens[capifEvent])
                continue;
            await PendingEvents.Topic(GrainFactory, capifEvent).PublishAsync(
                new EventOccurrence
                {
                    EventId = $"{logId}-{index}",
                    Event = capifEvent,
                    OccurredAt = time.GetUtcNow(),
                    Detail = new CapifEventDetail { InvocationLogs = [log with { Logs = [entry] }] },
                    ApiIds = [entry.ApiId],
                    AefIds = [log.AefId],
                    ApiInvokerIds = [log.ApiInvokerId],
                    ApiProvDomId = aef.ApiProvDomId,
                },
                cancellationToken);
        }

        return listens.ContainsValue(true);
    }
}
