using System.Collections.Immutable;
using System.Text;
using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;
using Orleans.Storage;

namespace CapifOrleans.Silo.InvocationLogs;

/// <summary>Invocation logs in a SQLite file of their own: a row an entry, with the entry itself as it came.</summary>
internal sealed class SqliteInvocationLogStore(string file) : IInvocationLogStore, IAsyncDisposable
{
    private readonly SqliteDatabase _database = new(file, InvocationLogSchema.Schema);

    /// <inheritdoc/>
    public Task<AppendedBatch> AppendAsync(InvocationBatch batch, CancellationToken cancellationToken) => _database.WriteAsync(
        session =>
        {
            if (batch.RequestKey is { } key)
            {
                if (FindRequest(session, batch, key) is { } known)
                    return known;
                session.Execute(
                    "INSERT INTO requests VALUES($0,$1,$2,$3,$4,0)", batch.Log.AefId, key, batch.Digest.ToArray(), batch.LogId, batch.ReceivedAt.UtcTicks);
            }

            var domain = NameId(session, batch.ApiProvDomId);
            var invoker = NameId(session, batch.Log.ApiInvokerId);
            foreach (var entry in batch.Log.Logs)
            {
                session.Execute(
                    "INSERT INTO entries VALUES(NULL,$0,$1,$2,$3,$4,$5,$6)",
                    domain, ShapeId(session, batch, entry), invoker, NameId(session, Text(entry.SrcInterface) ?? ""),
                    entry.InvocationTime?.Instant.UtcTicks ?? batch.ReceivedAt.UtcTicks, batch.ReceivedAt.UtcTicks,
                    WireJson.SerializeToUtf8Bytes(entry.NetSliceInfo is null ? entry : entry with { NetSliceInfo = null }));
            }

            return new AppendedBatch { LogId = batch.LogId };
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public Task SetPublishedAsync(string aefId, string requestKey, CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.Execute("UPDATE requests SET published=1 WHERE aef_id=$0 AND request_key=$1", aefId, requestKey), CancellationToken.None);

    /// <inheritdoc/>
    public Task<AuditedLogs> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken) =>
        Task.FromResult(_database.Read(session =>
        {
            var audit = AuditSql.Of(session, apiProvDomId, query);
            if (audit.Count(most + 1) > most)
                return new AuditedLogs { IsTooMany = true };
            return new AuditedLogs { Logs = Group(session, audit.Rows(most)) };
        }));

    /// <inheritdoc/>
    public Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken) => Task.FromResult(
        _database.Read(session => AuditSql.Of(session, apiProvDomId, new AuditQuery { AefId = aefId, ApiInvokerId = apiInvokerId }).Count(1)) > 0);

    /// <inheritdoc/>
    public async Task<PurgeStep> PurgeAsync(RetentionBounds bounds, long position, int most, CancellationToken cancellationToken)
    {
        if (position == 0)
            await _database.WriteAsync(session => session.Execute("DELETE FROM requests WHERE received_at<$0", bounds.Requests.UtcTicks), cancellationToken);
        if (bounds.Latest is not { } latest)
            return default;
        var seen = _database.Read(session => session.Query(
            "SELECT e.id, e.received_at, s.api_id FROM entries e JOIN shapes s ON s.id=e.shape WHERE e.id>$0 ORDER BY e.id LIMIT $1",
            row => (Id: row.GetInt64(0), ReceivedAt: new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), ApiId: row.GetString(2)), position, most));
        var over = seen.Where(one => bounds.IsOver(one.ApiId, one.ReceivedAt)).ToList();
        if (over.Count > 0)
        {
            await _database.WriteAsync(
                session => over.Sum(one => session.Execute("DELETE FROM entries WHERE id=$0", one.Id)), cancellationToken);
        }

        // Entries lie in the order in which they came: after the latest bound there is nothing to remove.
        var isEnd = seen.Count < most || seen[^1].ReceivedAt >= latest;
        return new PurgeStep(isEnd ? null : seen[^1].Id, over.Count);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>An interface as text: the same for the same.</summary>
    internal static string? Text(InterfaceDescription? one) => one is null ? null : Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(one));

    private static AppendedBatch? FindRequest(SqliteSession session, InvocationBatch batch, string key)
    {
        var known = session.Query(
            "SELECT digest, log_id, published FROM requests WHERE aef_id=$0 AND request_key=$1 AND received_at>=$2",
            row => (Digest: row.GetFieldValue<byte[]>(0), LogId: row.GetString(1), IsPublished: row.GetInt64(2) != 0),
            batch.Log.AefId, key, (batch.ReceivedAt - IInvocationLogStore.RepetitionWindow).UtcTicks);
        if (known.Count == 0)
        {
            // What is older than the window is not known again, and makes room.
            session.Execute("DELETE FROM requests WHERE aef_id=$0 AND request_key=$1", batch.Log.AefId, key);
            return null;
        }

        return batch.Digest.AsSpan().SequenceEqual(known[0].Digest)
            ? new AppendedBatch { LogId = known[0].LogId, IsPublished = known[0].IsPublished }
            : new AppendedBatch();
    }

    private static long NameId(SqliteSession session, string name)
    {
        if (session.Scalar("SELECT id FROM names WHERE name=$0", name) is long id)
            return id;
        session.Execute("INSERT INTO names(name) VALUES($0)", name);
        return (long)session.Scalar("SELECT id FROM names WHERE name=$0", name)!;
    }

    private static long ShapeId(SqliteSession session, InvocationBatch batch, Log entry)
    {
        const string Find =
            """
            SELECT id FROM shapes WHERE domain=$0 AND aef_id=$1 AND api_id=$2 AND api_name=$3 AND api_version=$4 AND resource_name=$5 AND protocol=$6
                AND operation=$7 AND result=$8 AND dest_interface=$9 AND slice=$10 AND features=$11
            """;
        object?[] values =
        [
            batch.ApiProvDomId, batch.Log.AefId, entry.ApiId, entry.ApiName, entry.ApiVersion, entry.ResourceName, WireNames.Of(entry.Protocol),
            entry.Operation is { } operation ? WireNames.Of(operation) : "", entry.Result, Text(entry.DestInterface) ?? "",
            entry.NetSliceInfo is { } slice ? Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(slice)) : "",
            batch.Log.SupportedFeatures?.Text ?? "",
        ];
        if (session.Scalar(Find, values) is long id)
            return id;
        session.Execute("INSERT INTO shapes VALUES(NULL,$0,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)", values);
        return (long)session.Scalar(Find, values)!;
    }

    /// <summary>One log for each AEF and API invoker, in the order in which they came.</summary>
    private static ImmutableArray<AuditedLog> Group(SqliteSession session, List<AuditedRow> rows) =>
    [
        .. rows.OrderBy(row => row.Id).GroupBy(row => (row.AefId, row.Invoker)).Select(group => new AuditedLog
        {
            AefId = group.Key.AefId,
            ApiInvokerId = (string)session.Scalar("SELECT name FROM names WHERE id=$0", group.Key.Invoker)!,
            SupportedFeatures = SupportedFeatures.TryParse(group.First().Features, out var features) && features.Text.Length > 0 ? features : null,
            Entries = [.. group.Select(row => new AuditedEntry(row.Entry, row.Slice.Length > 0 ? row.Slice : null))],
        }),
    ];
}
