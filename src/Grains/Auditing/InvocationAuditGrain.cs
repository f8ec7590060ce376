using CapifOrleans.Auditing;
using CapifOrleans.Compatibility;
using CapifOrleans.Grains.Logging;

namespace CapifOrleans.Grains.Auditing;

/// <inheritdoc/>
[GrainType("invocation-audit"), StatelessWorker]
internal sealed class InvocationAuditGrain(IInvocationLogStore store, CompatibilityProfile profile) : Grain, IInvocationAuditGrain
{
    // One answer is one document in memory.
    private const int MostEntries = 1_000;

    // 29.222 8.8.6.
    private const int EnQueryInvokeLog = 1;
    private const int SliceBasedApiExposure = 2;
    private static readonly SupportedFeatures Features = SupportedFeatures.Of(EnQueryInvokeLog, SliceBasedApiExposure);

    /// <inheritdoc/>
    public async Task<Outcome<AuditAnswer>> QueryAsync(CallerIdentity amf, AuditQuery query, CancellationToken cancellationToken)
    {
        if (profile.AuditsOnePair && (query.AefId is null || query.ApiInvokerId is null))
            return Refusal.Of(ErrorKind.InvalidRequest, "aef_id and api_invoker_id parameters are mandatory", "Mandatory parameters missing");
        var withSlices = query.SupportedFeatures?.Has(SliceBasedApiExposure) == true;
        if (query.NetSliceInfo is not null && !withSlices)
            return Refusal.OfAttribute("net-slice-info", "needs feature SliceBasedAPIExposure in supported-features", cause: "OPTIONAL_QUERY_PARAM_INCORRECT");
        var found = await store.QueryAsync(amf.ApiProvDomId!, query, MostEntries, cancellationToken);
        if (found.IsTooMany)
        {
            return Refusal.OfAttribute(
                "time-range-start", $"more than {MostEntries} entries match: ask for a shorter time", ErrorKind.Forbidden, "OPTIONAL_QUERY_PARAM_INCORRECT");
        }

        if (found.Logs.IsEmpty)
        {
            return await store.HasAnyAsync(amf.ApiProvDomId!, query.AefId, query.ApiInvokerId, cancellationToken)
                ? Refusal.NotFound("Parameters do not match any log entry", "No logs found")
                : Refusal.NotFound("aefId or/and apiInvokerId do not match any InvocationLogs", "No log invocations found");
        }

        if (query.SupportedFeatures?.Has(EnQueryInvokeLog) == true)
            return new AuditAnswer { Body = AuditBody.Several(found.Logs, query.SupportedFeatures.Value.Intersect(Features), withSlices) };
        // 29.222 8.8.4.4.1: several InvocationLog objects only with EnQueryInvokeLog.
        return found.Logs.Length > 1
            ? Refusal.Of(
                ErrorKind.InvalidRequest, "Several AEFs or API invokers match: name aef-id and api-invoker-id, or support feature EnQueryInvokeLog.",
                "OPTIONAL_QUERY_PARAM_INCORRECT")
            : new AuditAnswer { Body = AuditBody.One(found.Logs[0], withSlices) };
    }
}
