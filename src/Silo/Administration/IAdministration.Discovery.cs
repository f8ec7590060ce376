using System.Collections.Immutable;
using CapifOrleans.Discover;
using CapifOrleans.Routing;

namespace CapifOrleans.Silo.Administration;

internal partial interface IAdministration
{
    /// <summary>Lets API invokers find service APIs, or not.</summary>
    Task<Outcome> SetRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken);

    /// <summary>Takes that back.</summary>
    Task<Outcome> RemoveRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken);

    /// <summary>Lets open discovery show a service API, or not.</summary>
    Task<Outcome> SetOpenAsync(OpenServiceApi serviceApi, CancellationToken cancellationToken);

    /// <summary>The discovery policy.</summary>
    Task<DiscoveryRules> GetDiscoveryPolicyAsync(CancellationToken cancellationToken);

    /// <summary>Hides AEFs behind another.</summary>
    Task<Outcome> SetHidingAsync(TopologyHidingRule rule, CancellationToken cancellationToken);

    /// <summary>Hides them no longer.</summary>
    Task<Outcome> RemoveHidingAsync(HiddenSubject subject, CancellationToken cancellationToken);

    /// <summary>What is hidden.</summary>
    Task<ImmutableArray<TopologyHidingRule>> ListHidingsAsync(CancellationToken cancellationToken);
}

/// <summary>A service API that open discovery may show, or may not.</summary>
internal sealed record OpenServiceApi
{
    /// <summary>The service API.</summary>
    public required string ApiId { get; init; }

    /// <summary>Whether it may.</summary>
    public required bool IsOpen { get; init; }
}

/// <summary>What is to be hidden no longer.</summary>
internal sealed record HiddenSubject
{
    /// <summary>The service API; null for all.</summary>
    public string? ApiId { get; init; }

    /// <summary>The AEF; null for all.</summary>
    public string? AefId { get; init; }
}
