using System.Collections.Immutable;
using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Logging;

namespace CapifOrleans.Grains.Tests.Fakes;

/// <summary>Keeps invocation logs in memory, for tests of what is above the store.</summary>
internal sealed class MemoryInvocationLogStore : IInvocationLogStore
{
    private readonly List<(string Domain, InvocationLog Log)> _logs = [];

    public Task AppendAsync(string logId, string apiProvDomId, InvocationLog log, CancellationToken cancellationToken)
    {
        lock (_logs)
            _logs.Add((apiProvDomId, log));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<InvocationLog>> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken)
    {
        lock (_logs)
        {
            return Task.FromResult<ImmutableArray<InvocationLog>>(
            [
                .. _logs.Where(one => one.Domain == apiProvDomId && (query.AefId ?? one.Log.AefId) == one.Log.AefId
                    && (query.ApiInvokerId ?? one.Log.ApiInvokerId) == one.Log.ApiInvokerId).Select(one => one.Log),
            ]);
        }
    }

    public Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken)
    {
        lock (_logs)
            return Task.FromResult(_logs.Exists(one => one.Domain == apiProvDomId));
    }
}
