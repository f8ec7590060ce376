using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>
/// A service API as discovery describes it (TS 29.222 8.2.4.2.2). Values of lists that later releases may add to are texts; attributes that
/// are not named here are in <see cref="Further"/> as they came.
/// </summary>
public sealed record ServiceApiDescription
{
    /// <summary>Its name, as <c>3gpp-monitoring-event</c>.</summary>
    public required string ApiName { get; init; }

    /// <summary>Its identifier at the core function.</summary>
    public string? ApiId { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Its category.</summary>
    [JsonPropertyName("serviceAPICategory")]
    public string? ServiceApiCategory { get; init; }

    /// <summary>The core function that has it, where that is another one and no AEF is named.</summary>
    public string? CcfId { get; init; }

    /// <summary>Where it is exposed.</summary>
    public IReadOnlyList<AefProfile> AefProfiles { get; init; } = [];

    /// <summary>All other attributes.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Further { get; set; }
}

/// <summary>How one AEF exposes a service API (TS 29.222 8.2.4.2.4).</summary>
public sealed record AefProfile
{
    /// <summary>The AEF.</summary>
    public required string AefId { get; init; }

    /// <summary>The versions that it exposes.</summary>
    public IReadOnlyList<ServiceApiVersion> Versions { get; init; } = [];

    /// <summary>The protocol, as <c>HTTP_1_1</c> (8.2.4.3.3).</summary>
    public string? Protocol { get; init; }

    /// <summary>The data format, as <c>JSON</c> (8.2.4.3.4).</summary>
    public string? DataFormat { get; init; }

    /// <summary>The methods that it offers, unless an interface has its own.</summary>
    [JsonConverter(typeof(SecurityMethodsConverter))]
    public IReadOnlyList<SecurityMethod> SecurityMethods { get; init; } = [];

    /// <summary>Its domain name, where it has no interface descriptions.</summary>
    public string? DomainName { get; init; }

    /// <summary>Its interfaces.</summary>
    public IReadOnlyList<InterfaceDescription> InterfaceDescriptions { get; init; } = [];

    /// <summary>All other attributes.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Further { get; set; }
}

/// <summary>An interface at which a service API is exposed (TS 29.222 8.2.4.2.3).</summary>
public sealed record InterfaceDescription
{
    /// <summary>IPv4 address.</summary>
    public string? Ipv4Addr { get; init; }

    /// <summary>IPv6 address.</summary>
    public string? Ipv6Addr { get; init; }

    /// <summary>Host name.</summary>
    public string? Fqdn { get; init; }

    /// <summary>Port; 443 where it is absent.</summary>
    public int? Port { get; init; }

    /// <summary>The part of the apiRoot behind the authority.</summary>
    public string? ApiPrefix { get; init; }

    /// <summary>The methods that this interface offers in place of its profile's; null where it has none of its own.</summary>
    [JsonConverter(typeof(SecurityMethodsConverter))]
    public IReadOnlyList<SecurityMethod>? SecurityMethods { get; init; }
}

/// <summary>A version of a service API (TS 29.222 8.2.4.2.6, <c>Version</c>).</summary>
public sealed record ServiceApiVersion
{
    /// <summary>As it stands in URIs, as <c>v1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Until when it is exposed.</summary>
    public DateTimeOffset? Expiry { get; init; }

    /// <summary>Its resources.</summary>
    public IReadOnlyList<ServiceApiResource> Resources { get; init; } = [];

    /// <summary>All other attributes.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Further { get; set; }
}

/// <summary>A resource of a service API (TS 29.222 8.2.4.2.5, <c>Resource</c>).</summary>
public sealed record ServiceApiResource
{
    /// <summary>Its name.</summary>
    public required string ResourceName { get; init; }

    /// <summary>How it is communicated with, as <c>REQUEST_RESPONSE</c>.</summary>
    public string? CommType { get; init; }

    /// <summary>Where it is, below version (apiSpecificSuffixes, TS 29.122 5.2.4).</summary>
    public required string Uri { get; init; }

    /// <summary>The HTTP methods that it takes.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>What it is.</summary>
    public string? Description { get; init; }
}
