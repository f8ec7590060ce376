using System.Text.Json.Nodes;
using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Frontend.Discover;

/// <summary>
/// The query parameters of an open discovery (29.222 8.11.2.2.3.1). Three of them are objects that the document wants exploded, so that each of
/// their members is a parameter of its own: those are read in that form, and as one JSON object under the parameter's own name (29.122 5.2.12).
/// </summary>
internal static class OpenDiscoveryParameters
{
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal)
    {
        "api-names", "api-versions", "comm-type", "protocols", "data-format", "api-cats", "preferred-aef-loc", "api-prov-names",
        "api-supported-features", "api-ids", "service-kpis", "res-ops", "supported-features",
    };

    /// <summary>Reads them; what is wrong is noted in <paramref name="parameters"/>.</summary>
    public static OpenDiscoveryQuery Read(QueryParameters parameters, IQueryCollection given)
    {
        var names = Items(parameters, "api-names");
        var (versions, features) = Maps(parameters, given, names ?? []);
        var query = new OpenDiscoveryQuery
        {
            ApiNames = names,
            ApiVersions = versions,
            CommunicationType = parameters.Enumeration<CommunicationType>("comm-type"),
            Protocols = Protocols(parameters),
            DataFormat = parameters.Enumeration<DataFormat>("data-format"),
            ApiCategories = Items(parameters, "api-cats"),
            PreferredAefLocation = parameters.Object<AefLocation>("preferred-aef-loc"),
            ApiProviderNames = Items(parameters, "api-prov-names"),
            ApiSupportedFeatures = features,
            ServiceKpis = Kpis(parameters, given),
            ApiIds = Items(parameters, "api-ids"),
            ResOps = DiscoveryParameters.ResOps(parameters),
            SupportedFeatures = parameters.Features("supported-features"),
            VendorSpecific = VendorSpecificParameters.Read(parameters, given),
        };
        if (query.ResOps is not null && names is null)
            parameters.Fault("res-ops", "may be present only together with api-names");
        foreach (var name in features.Keys.Where(name => names?.Contains(name) != true))
            parameters.Fault("api-supported-features", $"has {name}, which is not one of api-names");
        return query;
    }

    private static ImmutableArray<string>? Items(QueryParameters parameters, string name)
    {
        var items = parameters.List(name);
        if (items is { IsEmpty: true })
            parameters.Fault(name, "must have at least 1 item");
        return items;
    }

    private static ImmutableArray<Protocol>? Protocols(QueryParameters parameters)
    {
        if (Items(parameters, "protocols") is not { } items)
            return null;
        var protocols = ImmutableArray.CreateBuilder<Protocol>();
        foreach (var item in items)
        {
            if (WireNames.Find<Protocol>(item) is { } protocol)
                protocols.Add(protocol);
            else
                parameters.Fault("protocols", $"must be of {string.Join(", ", Enum.GetValues<Protocol>().Select(one => WireNames.Of(one)))}");
        }

        return protocols.ToImmutable();
    }

    /// <summary>
    /// api-versions and api-supported-features. Exploded, both have the service APIs' names for names; what begins with a v is a version
    /// (29.501 4.4.1), hexadecimal digits are features, and only names of api-names are looked at, since anything else may be anybody's.
    /// </summary>
    private static (ImmutableDictionary<string, ImmutableArray<string>> Versions, ImmutableDictionary<string, SupportedFeatures> Features) Maps(
        QueryParameters parameters, IQueryCollection given, ImmutableArray<string> names)
    {
        var versions = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var features = ImmutableDictionary.CreateBuilder<string, SupportedFeatures>(StringComparer.Ordinal);
        foreach (var name in names.Where(name => !Own.Contains(name) && given.ContainsKey(name)))
        {
            foreach (var value in given[name])
            {
                if (value?.StartsWith('v') == true)
                    versions[name] = [.. versions.GetValueOrDefault(name, []), .. value.Split(',', StringSplitOptions.RemoveEmptyEntries)];
                else if (SupportedFeatures.TryParse(value, out var parsed))
                    features[name] = parsed;
                else
                    parameters.Fault(name, "must be versions, as v1,v2, or features in hexadecimal digits");
            }
        }

        foreach (var (name, value) in Members(parameters, "api-versions"))
        {
            if (value is JsonArray { Count: > 0 } items && items.All(item => TextOf(item) is not null))
                versions[name] = [.. items.Select(item => TextOf(item)!)];
            else
                parameters.Fault("api-versions", $"must have an array of at least 1 version for {name}");
        }

        foreach (var (name, value) in Members(parameters, "api-supported-features"))
        {
            if (SupportedFeatures.TryParse(TextOf(value), out var parsed))
                features[name] = parsed;
            else
                parameters.Fault("api-supported-features", $"must have hexadecimal digits for {name}");
        }

        return (versions.ToImmutable(), features.ToImmutable());
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(QueryParameters parameters, string name)
    {
        if (parameters.Text(name) is not { } text)
            return [];
        try
        {
            if (JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) is JsonObject { Count: > 0 } map)
                return [.. map];
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or InvalidOperationException)
        {
            // Told below.
        }

        parameters.Fault(name, "must be an object as JSON with at least 1 member");
        return [];
    }

    // A string may be JSON and yet no Unicode text.
    private static string? TextOf(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>service-kpis, whole or member by member.</summary>
    private static ServiceKpis? Kpis(QueryParameters parameters, IQueryCollection given)
    {
        if (given.ContainsKey("service-kpis"))
            return parameters.Object<ServiceKpis>("service-kpis");
        var members = new JsonObject();
        foreach (var attribute in WireType.Of(typeof(ServiceKpis)).Attributes)
        {
            if (parameters.Text(attribute.Name) is { } text)
                members[attribute.Name] = attribute.Type.Kind == WireKind.Integer && long.TryParse(text, out var number) ? number : text;
        }

        if (members.Count == 0)
            return null;
        if (WireValidator.TryRead<ServiceKpis>(System.Text.Encoding.UTF8.GetBytes(members.ToJsonString()), out var kpis, out var refusal))
            return kpis;
        foreach (var fault in refusal.InvalidParams)
            parameters.Fault(fault.Param, fault.Reason ?? "is wrong");
        return null;
    }
}
