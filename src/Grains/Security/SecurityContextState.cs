using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>The security context of an API invoker as its grain stores it.</summary>
internal sealed class SecurityContextState
{
    /// <summary>Where the invoker wants to be told of revocations.</summary>
    public required string NotificationDestination { get; init; }

    /// <summary>The features that both ends have.</summary>
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>The entries, as they were negotiated.</summary>
    public required ImmutableArray<SecurityContextEntry> Entries { get; init; }
}

/// <summary>One entry of a security context.</summary>
internal sealed class SecurityContextEntry
{
    /// <summary>The entry as the invoker gets it: with the selected method.</summary>
    public required SecurityInformation Information { get; init; }

    /// <summary>The AEFs that the entry is about: the one that it names, or those behind the interface that it describes.</summary>
    public required ImmutableArray<string> AefIds { get; init; }

    /// <summary>The service APIs whose authorization an AEF revoked since (29.222 5.6.2.5).</summary>
    public ImmutableArray<string> RevokedApiIds { get; init; } = [];
}
