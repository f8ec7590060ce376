namespace CapifOrleans.Grains.Interconnection;

/// <summary>How this core function takes part in interconnection (CAPIF-6 and CAPIF-6e).</summary>
public sealed class InterconnectionOptions
{
    /// <summary>The identifier of this core function (29.222 <c>ccfId</c>); null where it is interconnected with none.</summary>
    public string? CcfId { get; init; }

    /// <summary>The CAPIF provider domain that it belongs to: a peer of the same one is reached over CAPIF-6, any other over CAPIF-6e.</summary>
    public string? CapifProvDom { get; init; }

    /// <summary>The base address of the interconnection listener, once there is one; it goes into what peers are told.</summary>
    public Uri? Address { get; set; }

    /// <summary>How long one request to a peer may take. Default 10 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how many failures in a row a peer is left alone for <see cref="BreakDuration"/>. Default 5.</summary>
    public int BreakAfter { get; init; } = 5;

    /// <summary>How long a peer is left alone that failed so often; then one request tries. Default 15 s.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often what is shared is compared with what a peer has. Default 1 s.</summary>
    public TimeSpan SharingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time for which security information of a peer is kept that gives none shorter. Default 1 hour.</summary>
    public TimeSpan MaxSecurityInformationAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether a peer belongs to the same provider, so that it is reached over CAPIF-6.</summary>
    internal bool IsSameProvider(CapifOrleans.Interconnection.InterconnectedCcf ccf) => CapifProvDom is { } own && ccf.CapifProvDoms.Contains(own);
}
