using System.Text;

namespace CapifOrleans.Client;

/// <summary>What is looked for (query parameters of TS 29.222 8.1.2.2.3.1); all that is given must hold. Nothing given finds all.</summary>
public sealed record DiscoveryFilter
{
    /// <summary>The name of the service API.</summary>
    public string? ApiName { get; init; }

    /// <summary>A version of it.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>How it is communicated with, as <c>REQUEST_RESPONSE</c>.</summary>
    public string? CommType { get; init; }

    /// <summary>The protocol, as <c>HTTP_2</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>The AEF that exposes it.</summary>
    public string? AefId { get; init; }

    /// <summary>The data format, as <c>JSON</c>.</summary>
    public string? DataFormat { get; init; }

    /// <summary>Its category.</summary>
    public string? ApiCategory { get; init; }

    /// <summary>Features that it must support, in hexadecimals; only with <see cref="ApiName"/>.</summary>
    public string? ApiSupportedFeatures { get; init; }

    /// <summary>Further parameters, for what is not named here.</summary>
    public IReadOnlyDictionary<string, string> Further { get; init; } = new Dictionary<string, string>();

    internal string Query(string apiInvokerId)
    {
        var query = new StringBuilder("?api-invoker-id=").Append(Uri.EscapeDataString(apiInvokerId));
        (string Name, string? Value)[] known =
        [
            ("api-name", ApiName), ("api-version", ApiVersion), ("comm-type", CommType), ("protocol", Protocol), ("aef-id", AefId),
            ("data-format", DataFormat), ("api-cat", ApiCategory), ("api-supported-features", ApiSupportedFeatures),
        ];
        foreach (var (name, value) in known.Concat(Further.Select(one => (one.Key, (string?)one.Value))))
        {
            if (value is not null)
                query.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }
}

/// <summary>DiscoveredAPIs (8.1.4.2.2).</summary>
internal sealed record DiscoveredApis
{
    [System.Text.Json.Serialization.JsonPropertyName("serviceAPIDescriptions")]
    public IReadOnlyList<ServiceApiDescription>? ServiceApiDescriptions { get; init; }
}
