using CapifOrleans.Publish;
using Orleans.Concurrency;

namespace CapifOrleans.Routing;

/// <summary>
/// Which AEFs stand before which (23.222 8.13, 8.24): the operator's topology hiding. It is the catalog's (the same grain, key "catalog"), so that
/// no discovery that begins after a change was answered tells what is hidden. Each change is durable when it returns, its events are on their way.
/// </summary>
[Alias("capif.ITopologyHidingGrain")]
public interface ITopologyHidingGrain : IGrainWithStringKey
{
    /// <summary>
    /// Sets a rule, in place of the one for the same service API and AEF; it holds for what is published already and for what will be. Refused: an
    /// entry point that is no AEF or hidden itself, a service API or AEF that is not there, and two service APIs of one name behind one entry point.
    /// </summary>
    [Alias("SetHiding")]
    Task<Outcome> SetHidingAsync(TopologyHidingRule rule, CancellationToken cancellationToken);

    /// <summary>Removes the rule for this service API (null: all) and AEF (null: all). Refused where there is none.</summary>
    [Alias("RemoveHiding")]
    Task<Outcome> RemoveHidingAsync(string? apiId, string? aefId, CancellationToken cancellationToken);

    /// <summary>All rules.</summary>
    [Alias("ListHidings"), AlwaysInterleave]
    Task<ImmutableArray<TopologyHidingRule>> ListHidingsAsync(CancellationToken cancellationToken);
}

/// <summary>That some AEF profiles of service APIs are hidden behind an AEF, the entry point for their invocation (29.222 5.3.2.2.2 step 2b).</summary>
[GenerateSerializer, Immutable, Alias("capif.TopologyHidingRule")]
public sealed record TopologyHidingRule
{
    /// <summary>The service API; null for all that the hidden AEF exposes.</summary>
    [Id(0)]
    public string? ApiId { get; init; }

    /// <summary>The AEF that is hidden; null for all that expose the service API. A rule that names both goes before one that names the service API only, and that before one that names the AEF only.</summary>
    [Id(1)]
    public string? AefId { get; init; }

    /// <summary>The AEF that hides them.</summary>
    [Id(2)]
    public required string HidingAefId { get; init; }

    /// <summary>Where that AEF is invoked; null where <see cref="DomainName"/> says it.</summary>
    [Id(3)]
    public ImmutableArray<InterfaceDescription>? InterfaceDescriptions { get; init; }

    /// <summary>Where that AEF is invoked, as a domain name.</summary>
    [Id(4)]
    public string? DomainName { get; init; }

    /// <summary>The security methods of that AEF: API invokers authenticate to it (23.222 8.14 NOTE 2).</summary>
    [Id(5)]
    public ImmutableArray<SecurityMethod> SecurityMethods { get; init; } = [];

    /// <summary>The IPv4 source addresses of invocations that go to the hidden AEF; null, as for IPv6, for any (29.222 8.10.4.2.3).</summary>
    [Id(6)]
    public ImmutableArray<Ipv4AddressRange>? Ipv4AddrRanges { get; init; }

    /// <summary>The IPv6 source addresses.</summary>
    [Id(7)]
    public ImmutableArray<Ipv6AddressRange>? Ipv6AddrRanges { get; init; }
}

/// <summary>An AEF profile that is hidden: what the AEF before it needs to know of it.</summary>
[GenerateSerializer, Immutable, Alias("capif.HiddenProfile")]
public sealed record HiddenProfile
{
    /// <summary>The AEF that hides it.</summary>
    [Id(0)]
    public required string HidingAefId { get; init; }

    /// <summary>The profile as it was published, and which invocations go there.</summary>
    [Id(1)]
    public required RoutingRule Rule { get; init; }
}
