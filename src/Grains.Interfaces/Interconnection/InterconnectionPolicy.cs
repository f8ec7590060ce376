using CapifOrleans.AccessControl;

namespace CapifOrleans.Interconnection;

/// <summary>
/// What API invokers of a peer may use here. Without one, none may: how an AEF authorizes an interconnected API invoker is FFS in the study that
/// seed 003 is of; here the operator of the AEF's core function says so, by peer, API invoker and service API.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.InterconnectionPolicy")]
public sealed record InterconnectionPolicy
{
    /// <summary>The service API.</summary>
    [Id(0)]
    public required string ApiId { get; init; }

    /// <summary>The API invoker; null for each of the peer's.</summary>
    [Id(1)]
    public string? ApiInvokerId { get; init; }

    /// <summary>The bounds of the access control policy (29.222 8.6.4.2.3) that such an API invoker gets; its apiInvokerId is of no meaning here.</summary>
    [Id(2)]
    public required ApiInvokerPolicy Bounds { get; init; }
}
