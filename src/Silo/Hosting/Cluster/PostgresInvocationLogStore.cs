using System.Collections.Immutable;
using System.Text;
using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;
using CapifOrleans.Logging;
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
            invoked_at, src_interface, dest_interface, entry)
        VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    /// <inheritdoc/>
    public async Task AppendAsync(string logId, string apiProvDomId, InvocationLog log, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var entry in log.Logs)
        {
            var command = new NpgsqlBatchCommand(Insert);
            Add(command.Parameters, logId, apiProvDomId, log.AefId, log.ApiInvokerId, log.SupportedFeatures?.Text, entry.ApiId, entry.ApiName,
                entry.ApiVersion, entry.ResourceName, WireNames.Of(entry.Protocol), entry.Operation is { } operation ? WireNames.Of(operation) : null,
                entry.Result, entry.InvocationTime?.Instant.UtcTicks, Text(entry.SrcInterface), Text(entry.DestInterface),
                WireJson.SerializeToUtf8Bytes(entry));
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        // From here on it counts, whoever still waits for it.
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<InvocationLog>> QueryAsync(string apiProvDomId, AuditQuery query, int most, CancellationToken cancellationToken)
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
        command.CommandText = $"SELECT aef_id, api_invoker_id, features, entry FROM capif_invocation_entry WHERE {filter.Sql} ORDER BY id LIMIT {most + 1}";

        var found = new List<(string AefId, string ApiInvokerId, string? Features, Log Entry)>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            found.Add((rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), WireJson.Deserialize<Log>(rows.GetFieldValue<byte[]>(3))));
        return
        [
            .. found.GroupBy(row => (row.AefId, row.ApiInvokerId)).Select(group => new InvocationLog
            {
                AefId = group.Key.AefId,
                ApiInvokerId = group.Key.ApiInvokerId,
                Logs = [.. group.Select(row => row.Entry)],
                SupportedFeatures = SupportedFeatures.TryParse(group.First().Features, out var features) ? features : null,
            }),
        ];
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

        public void Add(string condition, object? value)
        {
            if (value is null)
                return;
            PostgresInvocationLogStore.Add(_command.Parameters, value);
            _sql.Append(" AND ").Append(condition).Append(" $").Append(_command.Parameters.Count);
        }
    }
}
