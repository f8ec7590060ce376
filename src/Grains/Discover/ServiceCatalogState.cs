using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Events;
using CapifOrleans.Routing;

namespace CapifOrleans.Grains.Discover;

/// <summary>What the catalog stores: whom to ask.</summary>
internal sealed class ServiceCatalogState
{
    /// <summary>The APFs that publish, with their domains.</summary>
    public Dictionary<string, string> Publishers { get; set; } = [];

    /// <summary>The enrolment users who registered those APFs' domains, where that is on record.</summary>
    public Dictionary<string, string> EnrolmentUsers { get; set; } = [];
}

/// <summary>The discovery policy as it is stored.</summary>
internal sealed class DiscoveryPolicyState
{
    /// <summary>The restrictions.</summary>
    public List<DiscoveryRestriction> Restrictions { get; set; } = [];

    /// <summary>The service APIs that open discovery may show.</summary>
    public List<string> OpenApiIds { get; set; } = [];

    /// <summary>As it crosses.</summary>
    public DiscoveryRules ToRules() => new() { Restrictions = [.. Restrictions], OpenApiIds = [.. OpenApiIds] };
}

/// <summary>Topology hiding as it is stored.</summary>
internal sealed class TopologyHidingState
{
    /// <summary>The rules.</summary>
    public List<TopologyHidingRule> Rules { get; set; } = [];

    /// <summary>Events that are not yet with their subscribers.</summary>
    public List<PendingEvent> PendingEvents { get; set; } = [];
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(ServiceCatalogState))]
[JsonSerializable(typeof(DiscoveryPolicyState))]
[JsonSerializable(typeof(TopologyHidingState))]
[JsonSerializable(typeof(VisibilityRulesState))]
internal sealed partial class DiscoverStateContext : JsonSerializerContext;

/// <summary>Registers what discovery needs.</summary>
internal static class DiscoverServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddDiscoverGrains(this IServiceCollection services) =>
        services.AddSingleton<IJsonTypeInfoResolver>(DiscoverStateContext.Default);
}
