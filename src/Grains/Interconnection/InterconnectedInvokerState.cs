using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>What is stored of an API invoker of a peer.</summary>
internal sealed class InterconnectedInvokerState
{
    /// <summary>The peer that it is onboarded to; null where nothing is known of it.</summary>
    public string? CcfId { get; set; }

    /// <summary>The last negotiation: what was asked of the peer before it is of another.</summary>
    public string Negotiation { get; set; } = "";

    /// <summary>What it negotiated, with our apiIds.</summary>
    public SecurityContextState? SecurityContext { get; set; }

    /// <summary>What the peer told for AEFs, sealed.</summary>
    public List<KeptSecurityInformation> Kept { get; set; } = [];

    /// <summary>The AEFs that ever knew it: each must be told of its end.</summary>
    public HashSet<string> KnownToAefs { get; set; } = [];

    /// <summary>The service APIs at which it may have an access control policy.</summary>
    public HashSet<string> PolicyApiIds { get; set; } = [];

    /// <summary>Events that are not yet with their subscribers.</summary>
    public List<PendingEvent> PendingEvents { get; set; } = [];

    /// <summary>Its end, while that is under way.</summary>
    public LeavingState? Leaving { get; set; }
}

/// <summary>The AEFPSK or root CA for an AEF, as a peer told it.</summary>
internal sealed class KeptSecurityInformation
{
    /// <summary>The AEF.</summary>
    public required string AefId { get; init; }

    /// <summary>The information, sealed.</summary>
    public required string Sealed { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What the steps of an end need.</summary>
internal sealed class LeavingState
{
    /// <summary>The event's identifier, the same in every try.</summary>
    public required string EventId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The AEFs to be told.</summary>
    public required List<string> AefIds { get; init; }

    /// <summary>The service APIs at which it may have a policy.</summary>
    public required List<string> PolicyApiIds { get; init; }
}
