using System.Runtime.InteropServices;
using CapifOrleans.Discover;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Discover;

/// <summary>CAPIF_Open_Discover_Service_API (29.222 5.13): of the service APIs that the operator opened, what nobody needs to be onboarded to know.</summary>
internal sealed partial class DiscoveryGrain
{
    /// <inheritdoc/>
    public async Task<DiscoveryAnswer> DiscoverOpenAsync(OpenDiscoveryQuery query, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var found = new List<CatalogEntry>();
        foreach (var apiId in _snapshot.Policy.OpenApiIds)
        {
            if (_snapshot.ById(apiId) is { } entry && OpenDiscoveryFilter.Passes(query, entry, null) && _snapshot.Shows(entry, "", time))
                found.Add(entry);
        }

        var preferred = query.PreferredAefLocation is { } location ? found.FindAll(entry => OpenDiscoveryFilter.Passes(query, entry, location)) : [];
        var answer = new OpenDiscoveryResp
        {
            DiscApis = [.. (preferred.Count > 0 ? preferred : found).Select(entry => entry.OpenDetails)],
            // The API has no features (8.11.7).
            SuppFeat = query.SupportedFeatures?.Intersect(SupportedFeatures.Of()),
        };
        return new DiscoveryAnswer { Body = ImmutableCollectionsMarshal.AsImmutableArray(WireJson.SerializeToUtf8Bytes(answer)) };
    }
}
