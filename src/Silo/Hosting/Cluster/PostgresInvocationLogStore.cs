using System.Collections.Immutable;
using System.Text;
using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;
using CapifOrleans.Publish;
using Npgsql;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>Invocation logs in the cluster's database: a row an entry, with a column for every filter and the entry itself as it came.</summary>
internal sealed class PostgresInvocationLogStore(NpgsqlDataSource database) : IInvocationLogStore
{
    private const string Insert =
        """
        INSERT INTO capif_invocation_entry(
            log_id, domain, aef_id, api_invoker_id, features, api_id, api_name, api_version, resource_name, protocol, operation, result,
            invoked_at, src_interface, dest_interface, entry, slice, received_at)
        VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """;

    // What is older than the window is another batch's from now on; what is younger stays, and nothing is returned.
    private const string InsertRequest =
        """
        INSERT INTO capif_invocation_request AS r VALUES($1, $2, $3, $4, $5, false)
        ON CONFLICT(aef_id, request_key) DO UPDATE
            SET digest = excluded.digest, log_id = excluded.log_id, received_at = excluded.received_at, published = false
            WHERE r.received_at < $6
        RETURNING log_id
        """;

    /// <inheritdoc/>
    public async Task<AppendedBatch> AppendAsync(InvocationBatch batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (batch.RequestKey is { } key && await FindRequestAsync(connection, batch, key, cancellationToken) is { } known)
            return known;
        await using var commands = new NpgsqlBatch(connection, transaction);
        var log = batch.Log;
        foreach (var entry in log.Logs)
        {
            var command = new NpgsqlBatchCommand(Insert);
            Add(command.Parameters, batch.LogId, batch.ApiProvDomId, log.AefId, log.ApiInvokerId, log.SupportedFeatures?.Text, entry.ApiId, entry.ApiName,
                entry.ApiVersion, entry.ResourceName, WireNames.Of(entry.Protocol), entry.Operation is { } operation ? WireNames.Of(operation) : null,
                entry.Result, entry.InvocationTime?.Instant.UtcTicks ?? batch.ReceivedAt.UtcTicks, Text(entry.SrcInterface), Text(entry.DestInterface),
                WireJson.SerializeToUtf8Bytes(entry.NetSliceInfo is null ? entry : entry with { NetSliceInfo = null }),
                entry.NetSliceInfo is { } slice ? Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(slice)) : null, batch.ReceivedAt.UtcTicks);
            commands.BatchCommands.Add(command);
        }

        await commands.ExecuteNonQueryAsync(cancellationToken);
        // From here on it counts, whoever still waits for it.
        await transaction.CommitAsync(CancellationToken.None);
        return new AppendedBatch { LogId = batch.LogId };
    }

    /// <inheritdoc/>
    public async Task SetPublishedAsync(string aefId, string requestKey, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE capif_invocation_request SET published = true WHERE aef_id = $1 AND request_key = $2");
        Add(command.Parameters, aefId, requestKey);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<AuditedLogs> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        var filter = new Filter(command, apiProvDomId);
        filter.Add("aef_id =", query.AefId);
        filter.Add("api_invoker_id =", query.ApiInvokerId);
        filter.Add("invoked_at >=", query.TimeRangeStart?.UtcTicks);
        filter.Add("invoked_at <=", query.TimeRangeEnd?.UtcTicks);
        filter.Add("api_id =", query.ApiId);
        filter.Add("api_name =", query.ApiName);
        filter.Add("api_version =", query.ApiVersion);
        filter.Add("protocol =", query.Protocol is { } protocol ? WireNames.Of(protocol) : null);
        filter.Add("operation =", query.Operation is { } operation ? WireNames.Of(operation) : null);
        filter.Add("result =", query.Result);
        filter.Add("resource_name =", query.ResourceName);
        filter.Add("src_interface =", Text(query.SourceInterface));
        filter.Add("dest_interface =", Text(query.DestinationInterface));
        if (query.NetSliceInfo is { } wanted)
            filter.AddAny("slice =", await SlicesAsync(apiProvDomId, wanted, cancellationToken));
        command.CommandText = $"SELECT aef_id, api_invoker_id, features, entry, slice FROM capif_invocation_entry WHERE {filter.Sql} ORDER BY id LIMIT {most + 1}";

        var found = new List<(string AefId, string ApiInvokerId, string? Features, AuditedEntry Entry)>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add((rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2),
                new AuditedEntry(rows.GetFieldValue<byte[]>(3), rows.IsDBNull(4) ? null : rows.GetString(4))));
        }

        if (found.Count > most)
            return new AuditedLogs { IsTooMany = true };
        return new AuditedLogs
        {
            Logs =
            [
                .. found.GroupBy(row => (row.AefId, row.ApiInvokerId)).Select(group => new AuditedLog
                {
                    AefId = group.Key.AefId,
                    ApiInvokerId = group.Key.ApiInvokerId,
                    SupportedFeatures = SupportedFeatures.TryParse(group.First().Features, out var features) ? features : null,
                    Entries = [.. group.Select(row => row.Entry)],
                }),
            ],
        };
    }

    /// <inheritdoc/>
    public async Task<PurgeStep> PurgeAsync(RetentionBounds bounds, long position, int most, CancellationToken cancellationToken)
    {
        if (position == 0)
        {
            await using var forget = database.CreateCommand("DELETE FROM capif_invocation_request WHERE received_at < $1");
            Add(forget.Parameters, bounds.Requests.UtcTicks);
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        if (bounds.Latest is not { } latest)
            return default;
        var seen = new List<(long Id, DateTimeOffset ReceivedAt, string ApiId)>();
        await using (var look = database.CreateCommand("SELECT id, received_at, api_id FROM capif_invocation_entry WHERE id > $1 ORDER BY id LIMIT $2"))
        {
            Add(look.Parameters, position, most);
            await using var rows = await look.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
                seen.Add((rows.GetInt64(0), new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero), rows.GetString(2)));
        }

        var over = seen.Where(one => bounds.IsOver(one.ApiId, one.ReceivedAt)).Select(one => one.Id).ToArray();
        if (over.Length > 0)
        {
            await using var remove = database.CreateCommand("DELETE FROM capif_invocation_entry WHERE id = ANY($1)");
            Add(remove.Parameters, [over]);
            await remove.ExecuteNonQueryAsync(cancellationToken);
        }

        // Silos write beside each other, and their clocks differ a little: an hour past the bound nothing is left to remove.
        var isEnd = seen.Count < most || seen[^1].ReceivedAt >= latest.AddHours(1);
        return new PurgeStep(isEnd ? null : seen[^1].Id, over.Length);
    }

    /// <inheritdoc/>
    public async Task<bool> HasAnyAsync(string apiProvDomId, string? aefId, string? apiInvokerId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        var filter = new Filter(command, apiProvDomId);
        filter.Add("aef_id =", aefId);
        filter.Add("api_invoker_id =", apiInvokerId);
        command.CommandText = $"SELECT 1 FROM capif_invocation_entry WHERE {filter.Sql} LIMIT 1";
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>Null where the batch is new; then it is known from now on.</summary>
    private static async Task<AppendedBatch?> FindRequestAsync(NpgsqlConnection connection, InvocationBatch batch, string key, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(InsertRequest, connection);
        Add(insert.Parameters, batch.Log.AefId, key, batch.Digest.ToArray(), batch.LogId, batch.ReceivedAt.UtcTicks,
            (batch.ReceivedAt - IInvocationLogStore.RepetitionWindow).UtcTicks);
        if (await insert.ExecuteScalarAsync(cancellationToken) is not null)
            return null;
        await using var find = new NpgsqlCommand("SELECT digest, log_id, published FROM capif_invocation_request WHERE aef_id = $1 AND request_key = $2", connection);
        Add(find.Parameters, batch.Log.AefId, key);
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return batch.Digest.AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(0))
            ? new AppendedBatch { LogId = row.GetString(1), IsPublished = row.GetBoolean(2) }
            : new AppendedBatch();
    }

    /// <summary>The slices of a domain that are meant, as they were logged.</summary>
    private async Task<string[]> SlicesAsync(string apiProvDomId, ImmutableArray<NetSliceId> wanted, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT DISTINCT slice FROM capif_invocation_entry WHERE domain = $1 AND slice IS NOT NULL");
        Add(command.Parameters, apiProvDomId);
        var meant = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var text = rows.GetString(0);
            if (WireJson.Deserialize<NetSliceId>(Encoding.UTF8.GetBytes(text)) is var slice && wanted.Any(one => one.IsSame(slice)))
                meant.Add(text);
        }

        return [.. meant];
    }

    private static string? Text(InterfaceDescription? one) => one is null ? null : Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(one));

    private static void Add(NpgsqlParameterCollection parameters, params object?[] values)
    {
        foreach (var value in values)
            parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
    }

    /// <summary>The conditions of a query: our text, the caller's values.</summary>
    private sealed class Filter
    {
        private readonly StringBuilder _sql = new("domain = $1");
        private readonly NpgsqlCommand _command;

        public Filter(NpgsqlCommand command, string apiProvDomId)
        {
            _command = command;
            PostgresInvocationLogStore.Add(command.Parameters, apiProvDomId);
        }

        public string Sql => _sql.ToString();

        public void AddAny(string condition, string[] values)
        {
            PostgresInvocationLogStore.Add(_command.Parameters, [values]);
            _sql.Append(" AND ").Append(condition).Append(" ANY($").Append(_command.Parameters.Count).Append(')');
        }

        public void Add(string condition, object? value)
        {
            if (value is null)
                return;
            PostgresInvocationLogStore.Add(_command.Parameters, value);
            _sql.Append(" AND ").Append(condition).Append(" $").Append(_command.Parameters.Count);
        }
    }
}
