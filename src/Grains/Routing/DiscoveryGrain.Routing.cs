using CapifOrleans.Grains.Routing;
using CapifOrleans.Routing;

namespace CapifOrleans.Grains.Discover;

/// <summary>CAPIF_Routing_Info_API (29.222 5.12): what a hiding AEF, and only it, is told of those behind it.</summary>
internal sealed partial class DiscoveryGrain
{
    // The same for a service API that is not there and for one of which this AEF hides nothing.
    private static readonly Refusal NothingToRoute = Refusal.NotFound("This AEF hides no AEF of a service API of this identifier.", "Service API id not found");

    /// <inheritdoc/>
    public async Task<Outcome<RoutingInfo>> GetRoutingAsync(string apiId, string aefId, CancellationToken cancellationToken)
    {
        if (await FindByIdAsync(apiId, cancellationToken) is not { } published || TopologyHidingEvents.RulesOf(published, aefId) is not { IsEmpty: false } rules)
            return NothingToRoute;
        return new RoutingInfo { RoutingRules = rules };
    }
}
