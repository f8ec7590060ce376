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

    /// <summary>
    /// The core function that the API invoker is onboarded to ("CCF-B information", seed 003 6.X.3.1), where an AEF asks for another's; where a peer
    /// asks, the peer. Null for our own API invokers and AEFs.
    /// </summary>
    [Id(3)]
    public string? CcfId { get; init; }
}
