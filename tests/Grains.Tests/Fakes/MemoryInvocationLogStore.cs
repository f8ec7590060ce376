using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Tests.Fakes;

/// <summary>Keeps invocation logs in memory, for tests of what is above the store.</summary>
internal sealed class MemoryInvocationLogStore : IInvocationLogStore
{
    private readonly List<InvocationBatch> _batches = [];
    private readonly HashSet<string> _published = [];

    /// <summary>How many batches were stored.</summary>
    public int Count => _batches.Count;

    /// <summary>The bounds with which it was asked to purge.</summary>
    public List<RetentionBounds> Purges { get; } = [];

    public Task<AppendedBatch> AppendAsync(InvocationBatch batch, CancellationToken cancellationToken)
    {
        lock (_batches)
        {
            if (batch.RequestKey is { } key && _batches.Find(one => one.RequestKey == key && one.Log.AefId == batch.Log.AefId) is { } known)
            {
                return Task.FromResult(known.Digest.SequenceEqual(batch.Digest)
                    ? new AppendedBatch { LogId = known.LogId, IsPublished = _published.Contains(batch.Log.AefId + key) }
                    : new AppendedBatch());
            }

            _batches.Add(batch);
            return Task.FromResult(new AppendedBatch { LogId = batch.LogId });
        }
    }

    public Task SetPublishedAsync(string aefId, string requestKey, CancellationToken cancellationToken)
    {
        lock (_batches)
            _published.Add(aefId + requestKey);
        return Task.CompletedTask;
    }

    public Task<AuditedLogs> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken)
    {
        lock (_batches)
        {
            var found = _batches.Where(one => one.ApiProvDomId == apiProvDomId && (query.AefId ?? one.Log.AefId) == one.Log.AefId
                && (query.ApiInvokerId ?? one.Log.ApiInvokerId) == one.Log.ApiInvokerId).Select(one => one.Log).ToList();
            return Task.FromResult(found.Sum(log => log.Logs.Length) > most
                ? new AuditedLogs { IsTooMany = true }
                : new AuditedLogs
                {
                    Logs =
                    [
                        .. found.Select(log => new AuditedLog
                        {
                            AefId = log.AefId,
                            ApiInvokerId = log.ApiInvokerId,
                            SupportedFeatures = log.SupportedFeatures,
                            Entries =
                            [
                                .. log.Logs.Select(entry => new AuditedEntry(
                                    WireJson.SerializeToUtf8Bytes(entry with { NetSliceInfo = null }),
                                    entry.NetSliceInfo is { } slice ? System.Text.Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(slice)) : null)),
                            ],
                        }),
                    ],
                });
        }
    }

    public Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken)
    {
        lock (_batches)
            return Task.FromResult(_batches.Exists(one => one.ApiProvDomId == apiProvDomId));
    }

    public Task<PurgeStep> PurgeAsync(RetentionBounds bounds, long position, int most, CancellationToken cancellationToken)
    {
        lock (_batches)
        {
            Purges.Add(bounds);
            var removed = _batches.RemoveAll(one => one.Log.Logs.All(entry => bounds.IsOver(entry.ApiId, one.ReceivedAt)));
            return Task.FromResult(new PurgeStep(null, removed));
        }
    }
}
