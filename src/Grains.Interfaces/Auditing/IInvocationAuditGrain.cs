namespace CapifOrleans.Auditing;

/// <summary>Answers an AMF's queries of invocation logs (29.222 5.9). A stateless worker (always key 0).</summary>
[Alias("capif.IInvocationAuditGrain")]
public interface IInvocationAuditGrain : IGrainWithIntegerKey
{
    /// <summary>The logs of the AMF's own domain that match every filter (23.222 AR-4.7.2-c), one InvocationLog for an AEF and an API invoker.</summary>
    [Alias("Query")]
    Task<Outcome<AuditAnswer>> QueryAsync(CallerIdentity amf, AuditQuery query, CancellationToken cancellationToken);
}

/// <summary>What an audit found.</summary>
[GenerateSerializer, Immutable, Alias("capif.AuditAnswer")]
public sealed record AuditAnswer
{
    /// <summary>The body, ready to be sent: an InvocationLog, or InvocationLogs with feature EnQueryInvokeLog, as UTF-8 JSON.</summary>
    [Id(0)]
    public required ImmutableArray<byte> Body { get; init; }
}
