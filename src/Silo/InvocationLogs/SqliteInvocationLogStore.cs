#if !ORLEANS_HOST
using System.Collections.Immutable;
using System.Text;
using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;
using Orleans.Storage;

namespace CapifOrleans.Silo.InvocationLogs;

/// <summary>Invocation logs in a SQLite file of their own: a row an entry, with a column for every filter and the entry itself as it came.</summary>
internal sealed class SqliteInvocationLogStore(string file) : IInvocationLogStore, IAsyncDisposable
{
    private static readonly SqliteSchema Schema = new(
        """
        CREATE TABLE entries(
            id INTEGER PRIMARY KEY, log_id TEXT NOT NULL, domain TEXT NOT NULL, aef_id TEXT NOT NULL, api_invoker_id TEXT NOT NULL,
            features TEXT, api_id TEXT NOT NULL, api_name TEXT NOT NULL, api_version TEXT NOT NULL, resource_name TEXT NOT NULL,
            protocol TEXT NOT NULL, operation TEXT, result TEXT NOT NULL, invoked_at INTEGER,
            src_interface TEXT, dest_interface TEXT, entry BLOB NOT NULL);
        CREATE INDEX by_parties ON entries(domain, aef_id, api_invoker_id, invoked_at);
        CREATE INDEX by_invoker ON entries(domain, api_invoker_id, invoked_at);
        CREATE INDEX by_api ON entries(domain, api_id, invoked_at);
        CREATE INDEX by_time ON entries(domain, invoked_at);
        CREATE INDEX by_result ON entries(domain, result, invoked_at);
        """);

    private readonly SqliteDatabase _database = new(file, Schema);

    /// <inheritdoc/>
    public Task AppendAsync(string logId, string apiProvDomId, InvocationLog log, CancellationToken cancellationToken) => _database.WriteAsync(
        session =>
        {
            foreach (var entry in log.Logs)
            {
                session.Execute(
                    "INSERT INTO entries VALUES(NULL,$0,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
                    logId, apiProvDomId, log.AefId, log.ApiInvokerId, log.SupportedFeatures?.Text, entry.ApiId, entry.ApiName, entry.ApiVersion,
                    entry.ResourceName, WireNames.Of(entry.Protocol), entry.Operation is { } operation ? WireNames.Of(operation) : null, entry.Result,
                    entry.InvocationTime?.Instant.UtcTicks, Text(entry.SrcInterface), Text(entry.DestInterface), WireJson.SerializeToUtf8Bytes(entry));
            }

            return log.Logs.Length;
        },
        CancellationToken.None);

    /// <inheritdoc/>
    public Task<ImmutableArray<InvocationLog>> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken)
    {
        var filter = new Filter(apiProvDomId);
        filter.Add("aef_id=", query.AefId);
        filter.Add("api_invoker_id=", query.ApiInvokerId);
        filter.Add("invoked_at>=", query.TimeRangeStart?.UtcTicks);
        filter.Add("invoked_at<=", query.TimeRangeEnd?.UtcTicks);
        filter.Add("api_id=", query.ApiId);
        filter.Add("api_name=", query.ApiName);
        filter.Add("api_version=", query.ApiVersion);
        filter.Add("protocol=", query.Protocol is { } protocol ? WireNames.Of(protocol) : null);
        filter.Add("operation=", query.Operation is { } operation ? WireNames.Of(operation) : null);
        filter.Add("result=", query.Result);
        filter.Add("resource_name=", query.ResourceName);
        filter.Add("src_interface=", Text(query.SourceInterface));
        filter.Add("dest_interface=", Text(query.DestinationInterface));
        var rows = _database.Read(session => session.Query(
            $"SELECT aef_id, api_invoker_id, features, entry FROM entries WHERE {filter.Sql} ORDER BY id LIMIT {most + 1}",
            row => (AefId: row.GetString(0), ApiInvokerId: row.GetString(1), Features: row.IsDBNull(2) ? null : row.GetString(2),
                Entry: row.GetFieldValue<byte[]>(3)),
            [.. filter.Values]));
        return Task.FromResult<ImmutableArray<InvocationLog>>(
        [
            .. rows.GroupBy(row => (row.AefId, row.ApiInvokerId)).Select(group => new InvocationLog
            {
                AefId = group.Key.AefId,
                ApiInvokerId = group.Key.ApiInvokerId,
                Logs = [.. group.Select(row => WireJson.Deserialize<Log>(row.Entry))],
                SupportedFeatures = SupportedFeatures.TryParse(group.First().Features, out var features) ? features : null,
            }),
        ]);
    }

    /// <inheritdoc/>
    public Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken)
    {
        var filter = new Filter(apiProvDomId);
        filter.Add("aef_id=", aefId);
        filter.Add("api_invoker_id=", apiInvokerId);
        return Task.FromResult(_database.Read(session => session.Scalar($"SELECT 1 FROM entries WHERE {filter.Sql} LIMIT 1", [.. filter.Values])) is not null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static string? Text(InterfaceDescription? one) => one is null ? null : Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(one));

    /// <summary>The conditions of a query: our text, the caller's values.</summary>
    private sealed class Filter(string apiProvDomId)
    {
        private readonly StringBuilder _sql = new("domain=$0");

        public List<object?> Values { get; } = [apiProvDomId];

        public string Sql => _sql.ToString();

        public void Add(string condition, object? value)
        {
            if (value is null)
                return;
            _sql.Append(" AND ").Append(condition).Append('$').Append(Values.Count);
            Values.Add(value);
        }
    }
}
#endif
