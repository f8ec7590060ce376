namespace CapifOrleans.Interconnection;

/// <summary>
/// A core function that this one is interconnected with (TS 23.222 6.2.2, 8.25): what the operators agreed on out of band. Whoever proves to hold
/// a certificate of <see cref="CertificateName"/> below <see cref="TrustAnchors"/> is it; nobody else is.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.InterconnectedCcf")]
public sealed record InterconnectedCcf
{
    /// <summary>Its identifier (29.222 <c>ccfId</c>).</summary>
    [Id(0)]
    public required string CcfId { get; init; }

    /// <summary>The base address of its interconnection listener: https, a host and a port, nothing else.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>The certificates to one of which its certificate must chain, as PEM.</summary>
    [Id(2)]
    public required string TrustAnchors { get; init; }

    /// <summary>Its CAPIF provider domains (29.222 <c>capifProvDoms</c>): what is shared with one of them is shared with it.</summary>
    [Id(3)]
    public ImmutableArray<string> CapifProvDoms { get; init; } = [];

    /// <summary>The URI or DNS name that its certificate must have; null for <see cref="UrnOf"/>.</summary>
    [Id(4)]
    public string? CertificateName { get; init; }

    /// <summary>Serial numbers of certificates of its that are refused, upper-case hexadecimal.</summary>
    [Id(5)]
    public ImmutableArray<string> RevokedSerialNumbers { get; init; } = [];

    /// <summary>The URI or DNS name that its certificate must have.</summary>
    [JsonIgnore]
    public string Name => CertificateName ?? UrnOf(CcfId);

    /// <summary>The URI that names a core function in a certificate of ours (docs/pki.md).</summary>
    public static string UrnOf(string ccfId) => "urn:capif:core-function:" + ccfId;
}

/// <summary>A peer with what there is between it and this core function.</summary>
[GenerateSerializer, Immutable, Alias("capif.InterconnectedCcfReport")]
public sealed record InterconnectedCcfReport
{
    /// <summary>What the operators agreed on.</summary>
    [Id(0)]
    public required InterconnectedCcf Ccf { get; init; }

    /// <summary>What its API invokers may use here.</summary>
    [Id(1)]
    public ImmutableArray<InterconnectionPolicy> Policies { get; init; } = [];

    /// <summary>The service APIs that it has of us: shared, being shared, or refused by it.</summary>
    [Id(2)]
    public ImmutableArray<SharedServiceApi> Shared { get; init; } = [];

    /// <summary>How many service APIs of its are published here.</summary>
    [Id(3)]
    public int Received { get; init; }

    /// <summary>How many notices wait for it.</summary>
    [Id(4)]
    public int WaitingNotices { get; init; }
}
