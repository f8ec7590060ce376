using CapifOrleans.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>The security context of an API invoker as its grain stores it.</summary>
internal sealed record SecurityContextState
{
    /// <summary>Where the invoker wants to be told of revocations.</summary>
    public required string NotificationDestination { get; init; }

    /// <summary>The features that both ends have.</summary>
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>Vendor-specific attributes, kept as they came.</summary>
    public VendorSpecificAttributes? VendorSpecific { get; init; }

    /// <summary>The entries, as they were negotiated.</summary>
    public required ImmutableArray<SecurityContextEntry> Entries { get; init; }

    /// <summary>Whether an entry is for an AEF of another core function.</summary>
    [JsonIgnore]
    public bool HasPeers
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.CcfId is not null)
                    return true;
            }

            return false;
        }
    }

    /// <summary>The peer that an AEF is of; null for this core function.</summary>
    public string? CcfOf(string aefId) => Entries.FirstOrDefault(entry => entry.AefIds.Contains(aefId))?.CcfId;
}

/// <summary>One entry of a security context.</summary>
internal sealed record SecurityContextEntry
{
    /// <summary>The entry as the invoker gets it: with the selected method.</summary>
    public required SecurityInformation Information { get; init; }

    /// <summary>The AEFs that the entry is about: the one that it names, or those behind the interface that it describes.</summary>
    public required ImmutableArray<string> AefIds { get; init; }

    /// <summary>The service APIs whose authorization an AEF revoked since (29.222 5.6.2.5).</summary>
    public ImmutableArray<string> RevokedApiIds { get; init; } = [];

    /// <summary>The peer that selected the method, since the AEFs are its (seed 003 6.X.2); null where this core function did.</summary>
    public string? CcfId { get; init; }
}
