namespace CapifOrleans.Publish;

/// <summary>An interface at which a service API is exposed (TS 29.222 8.2.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.InterfaceDescription"), ExactlyOneOf("ipv4Addr", "ipv6Addr", "fqdn")]
public sealed record InterfaceDescription
{
    /// <summary>Ipv4 address.</summary>
    [Id(0), JsonPropertyName("ipv4Addr")]
    public string? Ipv4Addr { get; init; }

    /// <summary>Ipv6 address.</summary>
    [Id(1), JsonPropertyName("ipv6Addr")]
    public string? Ipv6Addr { get; init; }

    /// <summary>Fqdn.</summary>
    [Id(2), JsonPropertyName("fqdn")]
    public string? Fqdn { get; init; }

    /// <summary>Port.</summary>
    [Id(3), JsonPropertyName("port"), Bounds(0, 65535)]
    public int? Port { get; init; }

    /// <summary>API prefix.</summary>
    [Id(4), JsonPropertyName("apiPrefix")]
    public string? ApiPrefix { get; init; }

    /// <summary>Security methods.</summary>
    [Id(5), JsonPropertyName("securityMethods"), MinItems(1)]
    public ImmutableArray<SecurityMethod>? SecurityMethods { get; init; }

    /// <summary>Grant types.</summary>
    [Id(6), JsonPropertyName("grantTypes"), MinItems(1)]
    public ImmutableArray<OAuthGrantType>? GrantTypes { get; init; }
}
