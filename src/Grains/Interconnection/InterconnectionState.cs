using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>What the grain of a peer stores.</summary>
internal sealed class InterconnectedCcfState
{
    /// <summary>What the operators agreed on; null where it is none, or is being removed.</summary>
    public InterconnectedCcf? Ccf { get; set; }

    /// <summary>What its API invokers may use.</summary>
    public List<InterconnectionPolicy> Policies { get; set; } = [];

    /// <summary>Whether its removal is under way: what came from it is being taken away.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>API invokers whose policy was taken back, and who are still to be looked at; the whole peer's where there is an empty name.</summary>
    public List<string> ToReview { get; set; } = [];
}

/// <summary>What the directory of peers stores.</summary>
internal sealed class InterconnectionDirectoryState
{
    /// <summary>The peers by ccfId.</summary>
    public SortedDictionary<string, InterconnectedCcf> Ccfs { get; set; } = new(StringComparer.Ordinal);
}
