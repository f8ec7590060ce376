using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;

namespace CapifOrleans.Grains.Auditing;

/// <inheritdoc/>
[GrainType("invocation-audit"), StatelessWorker]
internal sealed class InvocationAuditGrain(IInvocationLogStore store) : Grain, IInvocationAuditGrain
{
    // One answer is one document in memory.
    private const int MostEntries = 10_000;

    /// <inheritdoc/>
    public async Task<Outcome<AuditAnswer>> QueryAsync(CallerIdentity amf, AuditQuery query, CancellationToken cancellationToken)
    {
        var logs = await store.QueryAsync(amf.ApiProvDomId!, query, MostEntries, cancellationToken);
        if (logs.IsEmpty)
        {
            return await store.HasAnyAsync(amf.ApiProvDomId!, query.AefId, query.ApiInvokerId, cancellationToken)
                ? Refusal.NotFound("Parameters do not match any log entry", "No logs found")
                : Refusal.NotFound("aefId or/and apiInvokerId do not match any InvocationLogs", "No log invocations found");
        }

        if (logs.Sum(log => log.Logs.Length) > MostEntries)
        {
            return Refusal.OfAttribute(
                "time-range-start", $"more than {MostEntries} entries match: ask for a shorter time", ErrorKind.Forbidden, "OPTIONAL_QUERY_PARAM_INCORRECT");
        }

        // 29.222 8.8.4.4.1: several InvocationLog objects only with EnQueryInvokeLog.
        return logs.Length > 1 && query.SupportedFeatures?.Has(1) != true
            ? Refusal.Of(
                ErrorKind.InvalidRequest, "Several AEFs or API invokers match: name aef-id and api-invoker-id, or support feature EnQueryInvokeLog.",
                "OPTIONAL_QUERY_PARAM_INCORRECT")
            : new AuditAnswer { Logs = logs };
    }
}
