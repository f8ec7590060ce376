using CapifOrleans.Publish;
using CapifOrleans.Routing;

namespace CapifOrleans.Discover;

/// <summary>
/// Reads the catalog. A stateless worker (always key 0) that keeps the catalog's snapshot and brings it up to date before it answers, so
/// that whoever published sees it at once (read your writes).
/// </summary>
[Alias("capif.IDiscoveryGrain")]
public interface IDiscoveryGrain : IGrainWithIntegerKey
{
    /// <summary>Discovers (29.222 5.2.2.2): all that match every filter. The answer is the JSON body, ready to be sent; null when nothing matches.</summary>
    [Alias("Discover")]
    Task<DiscoveryAnswer> DiscoverAsync(DiscoveryQuery query, CancellationToken cancellationToken);

    /// <summary>Open discovery (29.222 5.13.2.2): of the service APIs that it may show, all that match every filter. There is always a body.</summary>
    [Alias("DiscoverOpen")]
    Task<DiscoveryAnswer> DiscoverOpenAsync(OpenDiscoveryQuery query, CancellationToken cancellationToken);

    /// <summary>Whether the discovery policy lets an API invoker find a service API, published still or not any more.</summary>
    [Alias("MayDiscover")]
    Task<bool> MayDiscoverAsync(string apiInvokerId, ServiceApiDescription description, CancellationToken cancellationToken);

    /// <summary>Where invocations of a service API go that come to the AEF which hides its topology (29.222 5.12.2.2). Refused where this AEF hides nothing of it.</summary>
    [Alias("GetRouting")]
    Task<Outcome<RoutingInfo>> GetRoutingAsync(string apiId, string aefId, CancellationToken cancellationToken);

    /// <summary>The service APIs with an AEF profile of <paramref name="aefId"/>, of this name if given; with the same read-your-writes promise.</summary>
    [Alias("FindByAef")]
    Task<ImmutableArray<PublishedServiceApi>> FindByAefAsync(string aefId, string? apiName, CancellationToken cancellationToken);

    /// <summary>The service APIs that are offered at this interface: same address (IPv4, IPv6 or FQDN) and, where both name one, same port and prefix.</summary>
    [Alias("FindByInterface")]
    Task<ImmutableArray<PublishedServiceApi>> FindByInterfaceAsync(InterfaceDescription serviceInterface, CancellationToken cancellationToken);

    /// <summary>
    /// All service APIs, or those of one domain, whole and whatever visibility rules say, as <c>{"services":[…]}</c>: for the operator and the
    /// domain's AMF.
    /// </summary>
    [Alias("ListServices")]
    Task<DiscoveryAnswer> ListServicesAsync(string? apiProvDomId, CancellationToken cancellationToken);

    /// <summary>The service API of this apiId; null when it is not published.</summary>
    [Alias("FindById")]
    Task<PublishedServiceApi?> FindByIdAsync(string apiId, CancellationToken cancellationToken);
}

/// <summary>The answer to a discovery.</summary>
[GenerateSerializer, Immutable, Alias("capif.DiscoveryAnswer")]
public sealed record DiscoveryAnswer
{
    /// <summary>The body: DiscoveredAPIs as UTF-8 JSON; null when nothing matches.</summary>
    [Id(0)]
    public ImmutableArray<byte>? Body { get; init; }
}
