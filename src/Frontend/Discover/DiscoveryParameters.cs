using System.Net;
using System.Net.Sockets;
using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Publish;

namespace CapifOrleans.Frontend.Discover;

/// <summary>The query parameters of a discovery (29.222 8.1.2.2.3.1): read, and held to the rules that stand there.</summary>
internal static class DiscoveryParameters
{
    private static readonly (string Parameter, int Feature, string Name)[] OfFeatures =
    [
        ("api-supported-features", DiscoveryFeature.ApiSupportedFeatureQuery, "ApiSupportedFeatureQuery"),
        ("req-api-prov-name", DiscoveryFeature.Rnaa, "RNAA"),
        ("ue-ip-addr", DiscoveryFeature.Rnaa, "RNAA"),
        ("grant-types", DiscoveryFeature.Rnaa, "RNAA"),
        ("net-slice-info", DiscoveryFeature.SliceBasedApiExposure, "SliceBasedAPIExposure"),
        ("res-ops", DiscoveryFeature.CapifExt1, "CAPIF_Ext1"),
        ("api-ids", DiscoveryFeature.MultiStepDiscovery, "MultiStepDiscovery"),
    ];

    /// <summary>Reads them; what is wrong is noted in <paramref name="parameters"/>.</summary>
    public static DiscoveryQuery Read(QueryParameters parameters, IQueryCollection given)
    {
        var query = new DiscoveryQuery
        {
            ApiInvokerId = parameters.Required("api-invoker-id"),
            ApiName = parameters.Text("api-name"),
            ApiVersion = parameters.Text("api-version"),
            CommunicationType = parameters.Enumeration<CommunicationType>("comm-type"),
            Protocol = parameters.Enumeration<Protocol>("protocol"),
            AefId = parameters.Text("aef-id"),
            DataFormat = parameters.Enumeration<DataFormat>("data-format"),
            ApiCategory = parameters.Text("api-cat"),
            PreferredAefLocation = parameters.Object<AefLocation>("preferred-aef-loc"),
            RequestedApiProviderName = parameters.Text("req-api-prov-name"),
            ApiSupportedFeatures = parameters.Features("api-supported-features"),
            UeIpAddr = parameters.Object<IpAddrInfo>("ue-ip-addr"),
            ServiceKpis = parameters.Object<ServiceKpis>("service-kpis"),
            NetSliceInfo = parameters.Objects<NetSliceId>("net-slice-info"),
            GrantTypes = parameters.Enumerations<OAuthGrantType>("grant-types"),
            ApiIds = parameters.List("api-ids"),
            ResOps = ResOps(parameters),
            SupportedFeatures = parameters.Features("supported-features"),
            VendorSpecific = VendorSpecificParameters.Read(parameters, given),
        };
        if (query is { ApiSupportedFeatures: not null, ApiName: null })
            parameters.Fault("api-supported-features", "may be present only together with api-name");
        if (query is { ResOps: not null, ApiName: null })
            parameters.Fault("res-ops", "may be present only together with api-name");
        if (query.UeIpAddr is { } ue && !IsAddress(ue.Ipv4Addr, AddressFamily.InterNetwork) && !IsAddress(ue.Ipv6Addr, AddressFamily.InterNetworkV6))
            parameters.Fault("ue-ip-addr", "must have an IPv4 or an IPv6 address");
        if (query.ApiIds is not null)
            OnlyIdentifiers(parameters, query);
        if (query.SupportedFeatures is { } features)
            OnlyNegotiated(parameters, features, given);
        return query;
    }

    /// <summary>res-ops (29.222 8.1.4.2.5): operations are of a resource; without one there are custom operations.</summary>
    public static ImmutableArray<ResOperInfo>? ResOps(QueryParameters parameters)
    {
        var read = parameters.Objects<ResOperInfo>("res-ops");
        foreach (var one in read ?? [])
        {
            if (one is { Resource: null, Operations: not null })
                parameters.Fault("res-ops", "must have a resource where it has operations");
            else if (one is { Resource: null, CustomServOpers: null })
                parameters.Fault("res-ops", "must have a resource or custom operations");
        }

        return read;
    }

    private static bool IsAddress(string? text, AddressFamily family) => IPAddress.TryParse(text, out var address) && address.AddressFamily == family;

    /// <summary>With api-ids no other filter may be present (NOTE 3).</summary>
    private static void OnlyIdentifiers(QueryParameters parameters, DiscoveryQuery query)
    {
        if (query.ApiIds is { IsEmpty: true })
            parameters.Fault("api-ids", "must have at least 1 item");
        if (query with { ApiIds = null, SupportedFeatures = null } != new DiscoveryQuery { ApiInvokerId = query.ApiInvokerId })
            parameters.Fault("api-ids", "must be the only filter");
    }

    /// <summary>
    /// 29.500 6.6.2: who says which features it has must have those of its parameters. Who says nothing negotiates nothing, and its parameters speak
    /// for themselves.
    /// </summary>
    private static void OnlyNegotiated(QueryParameters parameters, SupportedFeatures features, IQueryCollection given)
    {
        foreach (var (parameter, feature, name) in OfFeatures)
        {
            if (given.ContainsKey(parameter) && !features.Has(feature))
                parameters.Fault(parameter, $"needs feature {feature} {name} in supported-features");
        }

        foreach (var parameter in VendorSpecificParameters.Names(given))
        {
            if (!features.Has(DiscoveryFeature.VendSpecQueryParams))
                parameters.Fault(parameter, $"needs feature {DiscoveryFeature.VendSpecQueryParams} VendSpecQueryParams in supported-features");
        }
    }
}
