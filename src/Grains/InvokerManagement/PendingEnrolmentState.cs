using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>An onboarding or update that waits for the operator.</summary>
internal sealed class PendingEnrolmentState
{
    /// <summary>The request.</summary>
    public required string RequestId { get; init; }

    /// <summary>What is asked for: of an onboarding as it came, of an update the whole result.</summary>
    public required ApiInvokerEnrolmentDetails Details { get; init; }

    /// <summary>Whether it is an update.</summary>
    public bool IsUpdate { get; init; }

    /// <summary>Whether the listener's TLS shows what method PSK derives its keys from; of an onboarding.</summary>
    public bool SupportsPsk { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it counts as refused.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether the onboarding is refused: what is left is to give the key free and to tell the API invoker.</summary>
    public bool IsRefused { get; set; }
}

/// <summary>A notification to the API invoker, written with the change that it tells of, until its outbox has it.</summary>
internal sealed class PendingNotice
{
    /// <summary>Its identifier, the same in every try.</summary>
    public required string NoticeId { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Destination { get; init; }

    /// <summary>The websocket channel that it goes over; null where it is posted.</summary>
    public string? Channel { get; init; }

    /// <summary>The JSON; empty where it is sealed.</summary>
    public byte[] Json { get; init; } = [];

    /// <summary>The JSON of a notice that holds a secret, sealed.</summary>
    public string? SealedJson { get; init; }
}

/// <summary>What is stored of the list of requests.</summary>
internal sealed class PendingEnrolmentsState
{
    /// <summary>The API invoker of each request.</summary>
    public Dictionary<string, string> Requests { get; set; } = [];
}
