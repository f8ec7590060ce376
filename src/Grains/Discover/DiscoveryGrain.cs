using System.Buffers;
using System.Runtime.InteropServices;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Security;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <inheritdoc/>
[GrainType("discovery"), StatelessWorker]
internal sealed class DiscoveryGrain : Grain, IDiscoveryGrain
{
    private readonly CatalogSnapshot _snapshot = new();

    /// <inheritdoc/>
    public async Task<DiscoveryAnswer> DiscoverAsync(DiscoveryQuery query, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var withVendor = query.SupportedFeatures?.Has(2) == true;
        ArrayBufferWriter<byte>? body = null;
        foreach (var entry in Candidates(query))
        {
            if (!DiscoveryFilter.Passes(query, entry.Published.Description))
                continue;
            var json = withVendor ? entry.VendorJson : entry.Json;
            if (body is null)
            {
                body = new ArrayBufferWriter<byte>(json.Length + 64);
                body.Write("{\"serviceAPIDescriptions\":["u8);
            }
            else
            {
                body.Write(","u8);
            }

            body.Write(json);
        }

        if (body is null)
            return new DiscoveryAnswer();
        body.Write("]}"u8);
        return new DiscoveryAnswer { Body = ImmutableCollectionsMarshal.AsImmutableArray(body.WrittenSpan.ToArray()) };
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PublishedServiceApi>> FindByAefAsync(string aefId, string? apiName, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return
        [
            .. _snapshot.ByAef(aefId).Where(entry => apiName is null || entry.Published.Description.ApiName == apiName).Select(entry => entry.Published),
        ];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PublishedServiceApi>> FindByInterfaceAsync(InterfaceDescription serviceInterface, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        return
        [
            .. _snapshot.All.Where(entry => (entry.Published.Description.AefProfiles ?? []).Any(profile =>
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

    /// <summary>Read your writes: whoever published before this call finds it.</summary>
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<IServiceCatalogGrain>("catalog").GetChangesAsync(_snapshot.Version, cancellationToken) is { } changes)
            _snapshot.Apply(changes);
    }

    private IReadOnlyCollection<CatalogEntry> Candidates(DiscoveryQuery query) => query switch
    {
        { ApiName: { } name } => _snapshot.ByName(name),
        { AefId: { } aefId } => _snapshot.ByAef(aefId),
        { ApiIds: { Length: 1 } ids } => _snapshot.ById(ids[0]) is { } one ? [one] : [],
        _ => _snapshot.All,
    };
}
