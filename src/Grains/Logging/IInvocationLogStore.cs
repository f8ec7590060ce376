using CapifOrleans.Auditing;
using CapifOrleans.Logging;

namespace CapifOrleans.Grains.Logging;

/// <summary>Keeps invocation logs: a table, not grain state, since there may be millions (29.222 5.8 and 5.9).</summary>
public interface IInvocationLogStore
{
    /// <summary>Appends the entries of a log; durable when it returns.</summary>
    Task AppendAsync(string logId, string apiProvDomId, InvocationLog log, CancellationToken cancellationToken);

    /// <summary>
    /// The entries of one API provider domain that match every filter, as one log for each AEF and API invoker, in the order in which they
    /// came. At most <paramref name="most"/> entries and one more, so that a caller sees that there are more.
    /// </summary>
    Task<ImmutableArray<InvocationLog>> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken);

    /// <summary>Whether anything is on record of this AEF and API invoker, whatever the other filters say.</summary>
    Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken);
}
