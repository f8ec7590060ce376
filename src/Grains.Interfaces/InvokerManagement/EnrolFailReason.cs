namespace CapifOrleans.InvokerManagement;

/// <summary>Why an enrolment was not whole (TS 29.222 8.4.4.2.11).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.EnrolFailReason")]
public sealed record EnrolFailReason
{
    /// <summary>API name.</summary>
    [Id(0), JsonPropertyName("apiName")]
    public required ImmutableArray<string> ApiName { get; init; }

    /// <summary>Failure code.</summary>
    [Id(1), JsonPropertyName("failureCode")]
    public required EnrolFailCause FailureCode { get; init; }
}
