namespace CapifOrleans.Security;

/// <summary>An AEF's question for the security information of an API invoker (29.222 8.5.2.3.3.1).</summary>
[GenerateSerializer, Immutable, Alias("capif.SecurityContextQuery")]
public sealed record SecurityContextQuery
{
    /// <summary>The AEF that asks; it sees entries of its own interfaces only.</summary>
    [Id(0)]
    public required string AefId { get; init; }

    /// <summary>Whether authentication information is wanted.</summary>
    [Id(1)]
    public bool AuthenticationInfo { get; init; }

    /// <summary>Whether authorization information is wanted.</summary>
    [Id(2)]
    public bool AuthorizationInfo { get; init; }
}
