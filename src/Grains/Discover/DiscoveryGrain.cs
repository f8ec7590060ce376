using System.Runtime.InteropServices;
using System.Text;
using CapifOrleans.Compatibility;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <inheritdoc/>
[GrainType("discovery"), StatelessWorker]
internal sealed partial class DiscoveryGrain(NotificationOptions notifications, CompatibilityProfile profile, TimeProvider time) : Grain, IDiscoveryGrain
{
    private readonly CatalogSnapshot _snapshot = new(profile);

    // What a discovery found, and of that what is at the preferred location: one list each, since a worker answers one call at a time.
    private readonly List<byte[]> _found = [];
    private readonly List<byte[]> _preferred = [];

    /// <inheritdoc/>
    public async Task<DiscoveryAnswer> DiscoverAsync(DiscoveryQuery query, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var withVendorSpecific = query.SupportedFeatures?.Has(DiscoveryFeature.VendSpecQueryParams) == true;
        _found.Clear();
        _preferred.Clear();
        if (query.ApiIds is { } apiIds)
        {
            foreach (var apiId in apiIds.Distinct(StringComparer.Ordinal))
                Take(_snapshot.ById(apiId), query, withVendorSpecific);
        }
        else if ((query.ApiName ?? query.AefId) is { } key)
        {
            var candidates = query.ApiName is null ? _snapshot.ByAef(key) : _snapshot.ByName(key);
            for (var index = 0; index < candidates.Count; index++)
                Take(candidates[index], query, withVendorSpecific);
        }
        else
        {
            foreach (var entry in _snapshot.All)
                Take(entry, query, withVendorSpecific);
        }

        TellCountsSoon();
        if (_found.Count == 0)
            return new DiscoveryAnswer();
        // preferred-aef-loc is no filter where nothing is there (29.222 8.1.2.2.3.1).
        var tail = profile.DiscoversWithoutFeatures ? "]}"u8 : Tail(query.SupportedFeatures);
        var body = Join("{\"serviceAPIDescriptions\":["u8, _preferred.Count > 0 ? _preferred : _found, tail);
        return new DiscoveryAnswer { Body = ImmutableCollectionsMarshal.AsImmutableArray(body) };
    }

    /// <inheritdoc/>
    public async Task<bool> MayDiscoverAsync(string apiInvokerId, ServiceApiDescription description, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return _snapshot.Policy.Shows(apiInvokerId, description)
            && (_snapshot.ById(description.ApiId!) is not { } entry || _snapshot.Shows(entry, apiInvokerId, time));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PublishedServiceApi>> FindByAefAsync(string aefId, string? apiName, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return
        [
            .. _snapshot.ByAef(aefId).Where(entry => apiName is null || entry.Description.ApiName == apiName).Select(entry => entry.Published),
        ];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PublishedServiceApi>> FindByInterfaceAsync(InterfaceDescription serviceInterface, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        if ((serviceInterface.Ipv4Addr ?? serviceInterface.Ipv6Addr ?? serviceInterface.Fqdn) is not { } address)
            return [];
        return
        [
            .. _snapshot.ByAddress(address).Where(entry => (entry.Description.AefProfiles ?? []).Any(profile =>
                (profile.InterfaceDescriptions ?? []).Any(one => SecurityMethodSelection.IsSameInterface(one, serviceInterface))))
                .Select(entry => entry.Published),
        ];
    }

    /// <inheritdoc/>
    public async Task<PublishedServiceApi?> FindByIdAsync(string apiId, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return _snapshot.ById(apiId)?.Published;
    }

    /// <inheritdoc/>
    public async Task<DiscoveryAnswer> ListServicesAsync(string? apiProvDomId, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var all = _snapshot.All.Where(entry => apiProvDomId is null || entry.Published.ApiProvDomId == apiProvDomId);
        var services = all.Select(entry => WireJson.SerializeToUtf8Bytes(entry.Description)).ToList();
        return new DiscoveryAnswer { Body = ImmutableCollectionsMarshal.AsImmutableArray(Join("{\"services\":["u8, services, "]}"u8)) };
    }

    /// <summary>Read your writes: whoever published before this call finds it.</summary>
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<IServiceCatalogGrain>("catalog").GetChangesAsync(_snapshot.Version, cancellationToken) is { } changes)
            _snapshot.Apply(changes);
    }

    private void Take(CatalogEntry? entry, DiscoveryQuery query, bool withVendorSpecific)
    {
        if (entry is null)
            return;
        var isFound = DiscoveryFilter.Passes(query, entry.Description) && _snapshot.Policy.Shows(query.ApiInvokerId, entry.Description)
            && (query.VendorSpecific is not { } wanted || VendorSpecificMatch.HasAll(entry.Representation, wanted))
            && _snapshot.Shows(entry, query.ApiInvokerId, time);
        _tallies.Count(entry.Description.ApiId!, isFound);
        if (!isFound)
            return;
        var json = entry.Json(withVendorSpecific);
        _found.Add(json);
        if (query.PreferredAefLocation is not null && DiscoveryFilter.IsPreferred(query, entry.Description))
            _preferred.Add(json);
    }

    /// <summary>suppFeat, where features are negotiated (29.222 8.1.4.2.2): those that both ends have.</summary>
    private static ReadOnlySpan<byte> Tail(SupportedFeatures? given) => given is not { } features || DiscoveryFeature.IsVendorSwitch(features)
        ? "]}"u8
        : Encoding.ASCII.GetBytes($"],\"suppFeat\":\"{features.Intersect(DiscoveryFeature.Supported)}\"}}");

    /// <summary>DiscoveredAPIs (29.222 8.1.4.2.2) in one array of the right size.</summary>
    private static byte[] Join(ReadOnlySpan<byte> head, List<byte[]> descriptions, ReadOnlySpan<byte> tail)
    {
        var length = head.Length + tail.Length + Math.Max(0, descriptions.Count - 1);
        foreach (var description in descriptions)
            length += description.Length;
        var body = GC.AllocateUninitializedArray<byte>(length);
        var rest = Append(body, head);
        for (var index = 0; index < descriptions.Count; index++)
        {
            if (index > 0)
                rest = Append(rest, ","u8);
            rest = Append(rest, descriptions[index]);
        }

        Append(rest, tail);
        return body;
    }

    private static Span<byte> Append(Span<byte> to, ReadOnlySpan<byte> what)
    {
        what.CopyTo(to);
        return to[what.Length..];
    }
}
