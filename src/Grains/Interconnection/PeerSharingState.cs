namespace CapifOrleans.Grains.Interconnection;

/// <summary>What is stored of what a peer has.</summary>
internal sealed class PeerSharingState
{
    /// <summary>By our apiId.</summary>
    public Dictionary<string, SharedEntry> Shared { get; set; } = [];
}

/// <summary>A service API that a peer has, or refused.</summary>
internal sealed class SharedEntry
{
    /// <summary>Its apiId at the peer; null where the peer does not have it.</summary>
    public string? PeerApiId { get; init; }

    /// <summary>What the peer has of it (<see cref="SharingRules.Digest"/>); null where that is not known.</summary>
    public string? Digest { get; init; }

    /// <summary>What the peer refused.</summary>
    public string? RefusedDigest { get; init; }
}
