using CapifOrleans.Auditing;
using CapifOrleans.Logging;

namespace CapifOrleans.Grains.Logging;

/// <summary>Keeps invocation logs: a table, not grain state, since there may be millions (29.222 5.8 and 5.9).</summary>
public interface IInvocationLogStore
{
    /// <summary>How long a batch is known again.</summary>
    static readonly TimeSpan RepetitionWindow = TimeSpan.FromHours(24);

    /// <summary>Appends the entries of a batch, unless they were appended before; durable when it returns.</summary>
    Task<AppendedBatch> AppendAsync(InvocationBatch batch, CancellationToken cancellationToken);

    /// <summary>The batch's events are with their subscribers: a repetition need not publish them again.</summary>
    Task SetPublishedAsync(string aefId, string requestKey, CancellationToken cancellationToken);

    /// <summary>
    /// The entries of one API provider domain that match every filter, as one log for each AEF and API invoker, in the order in which they
    /// came. Where more than <paramref name="most"/> match, nothing is read.
    /// </summary>
    Task<AuditedLogs> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken);

    /// <summary>Whether anything is on record of this AEF and API invoker, whatever the other filters say.</summary>
    Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken);

    /// <summary>
    /// Looks at the next <paramref name="most"/> entries after <paramref name="position"/>, oldest first, and removes those that were kept long
    /// enough. Short, so that whoever logs meanwhile does not wait for it.
    /// </summary>
    Task<PurgeStep> PurgeAsync(RetentionBounds bounds, long position, int most, CancellationToken cancellationToken);
}

/// <summary>A log to be kept.</summary>
public sealed record InvocationBatch
{
    /// <summary>The logId, if it is a new one.</summary>
    public required string LogId { get; init; }

    /// <summary>The AEF's domain.</summary>
    public required string ApiProvDomId { get; init; }

    /// <summary>The log.</summary>
    public required InvocationLog Log { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>By what it is known again when the AEF sends it again; null where it cannot be.</summary>
    public string? RequestKey { get; init; }

    /// <summary>SHA-256 of what it says.</summary>
    public required ImmutableArray<byte> Digest { get; init; }
}

/// <summary>What became of a batch.</summary>
public sealed record AppendedBatch
{
    /// <summary>Its logId: that of the first time where it came before; null where its key is another batch's.</summary>
    public string? LogId { get; init; }

    /// <summary>Whether its events are published already.</summary>
    public bool IsPublished { get; init; }
}

/// <summary>What an audit found.</summary>
public sealed record AuditedLogs
{
    /// <summary>Whether more match than were asked for; then nothing was read.</summary>
    public bool IsTooMany { get; init; }

    /// <summary>The logs.</summary>
    public ImmutableArray<AuditedLog> Logs { get; init; } = [];
}

/// <summary>The entries of one AEF and API invoker.</summary>
public sealed record AuditedLog
{
    /// <summary>The AEF.</summary>
    public required string AefId { get; init; }

    /// <summary>The API invoker.</summary>
    public required string ApiInvokerId { get; init; }

    /// <summary>The features of the first of them.</summary>
    public SupportedFeatures? SupportedFeatures { get; init; }

    /// <summary>The entries.</summary>
    public required ImmutableArray<AuditedEntry> Entries { get; init; }
}

/// <summary>An entry as it came: JSON that nobody has to read to hand it on.</summary>
/// <param name="Json">The Log object, without netSliceInfo.</param>
/// <param name="NetSliceInfo">Its netSliceInfo as JSON; null where there is none.</param>
public readonly record struct AuditedEntry(ReadOnlyMemory<byte> Json, string? NetSliceInfo);

/// <summary>From when on entries are kept.</summary>
public sealed record RetentionBounds
{
    /// <summary>For service APIs that have no bound of their own; null for all of them.</summary>
    public DateTimeOffset? Others { get; init; }

    /// <summary>For service APIs by apiId; null for all.</summary>
    public required ImmutableDictionary<string, DateTimeOffset?> ByApi { get; init; }

    /// <summary>Batches that came before are not known again.</summary>
    public required DateTimeOffset Requests { get; init; }

    /// <summary>The latest bound of all: nothing later has to be looked at. Null where nothing is ever removed.</summary>
    public DateTimeOffset? Latest => ByApi.Values.Append(Others).Max();

    /// <summary>Whether an entry of that service API and time may go.</summary>
    public bool IsOver(string apiId, DateTimeOffset receivedAt) => receivedAt < (ByApi.TryGetValue(apiId, out var bound) ? bound : Others);
}

/// <summary>A step of a purge.</summary>
/// <param name="Position">Where the next step begins; null where nothing is left to look at.</param>
/// <param name="Removed">How many entries were removed.</param>
public readonly record struct PurgeStep(long? Position, int Removed);
