using Orleans.Storage;

namespace CapifOrleans.Silo.InvocationLogs;

/// <summary>
/// The tables of invocation logs. What entries have in common again and again (who exposed what, and how it ended) is a row of
/// <c>shapes</c>: there are thousands of them where there are millions of entries, so that filters on it are answered by few look-ups in an
/// index of entries, whichever filters are combined. An absent text is empty, so that it is unique as well. Times are ticks of UTC.
/// </summary>
internal static class InvocationLogSchema
{
    private const string First =
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
        """;

    private const string Second =
        """
        CREATE TABLE shapes(
            id INTEGER PRIMARY KEY, domain TEXT NOT NULL, aef_id TEXT NOT NULL, api_id TEXT NOT NULL, api_name TEXT NOT NULL,
            api_version TEXT NOT NULL, resource_name TEXT NOT NULL, protocol TEXT NOT NULL, operation TEXT NOT NULL, result TEXT NOT NULL,
            dest_interface TEXT NOT NULL, slice TEXT NOT NULL, features TEXT NOT NULL,
            UNIQUE(domain, aef_id, api_id, api_name, api_version, resource_name, protocol, operation, result, dest_interface, slice, features));
        CREATE INDEX shapes_by_api ON shapes(domain, api_id, result, operation, resource_name, protocol, api_version, aef_id);
        CREATE INDEX shapes_by_name ON shapes(domain, api_name, result, operation, resource_name, protocol, api_version, aef_id);
        CREATE INDEX shapes_by_result ON shapes(domain, result, operation, resource_name, protocol, api_version);
        CREATE INDEX shapes_by_resource ON shapes(domain, resource_name, operation, result, protocol, api_version);
        CREATE INDEX shapes_by_destination ON shapes(domain, dest_interface, result, operation, resource_name, protocol, api_version);
        CREATE INDEX shapes_by_slice ON shapes(domain, slice, result, operation, resource_name, protocol, api_version);
        CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE requests(
            aef_id TEXT NOT NULL, request_key TEXT NOT NULL, digest BLOB NOT NULL, log_id TEXT NOT NULL, received_at INTEGER NOT NULL,
            published INTEGER NOT NULL, PRIMARY KEY(aef_id, request_key));
        CREATE INDEX requests_by_time ON requests(received_at);
        ALTER TABLE entries RENAME TO old_entries;
        CREATE TABLE entries(
            id INTEGER PRIMARY KEY, domain INTEGER NOT NULL, shape INTEGER NOT NULL, invoker INTEGER NOT NULL, source INTEGER NOT NULL,
            invoked_at INTEGER NOT NULL, received_at INTEGER NOT NULL, entry BLOB NOT NULL);
        INSERT INTO names(name) SELECT domain FROM old_entries UNION SELECT api_invoker_id FROM old_entries
            UNION SELECT coalesce(src_interface, '') FROM old_entries UNION SELECT '';
        INSERT INTO shapes(domain, aef_id, api_id, api_name, api_version, resource_name, protocol, operation, result, dest_interface, slice, features)
            SELECT DISTINCT domain, aef_id, api_id, api_name, api_version, resource_name, protocol, coalesce(operation, ''), result,
                coalesce(dest_interface, ''), '', coalesce(features, '') FROM old_entries;
        INSERT INTO entries SELECT old.id, domain.id, shapes.id, invoker.id, source.id, coalesce(old.invoked_at, 0), coalesce(old.invoked_at, 0),
                CAST(json_remove(CAST(old.entry AS TEXT), '$.netSliceInfo') AS BLOB)
            FROM old_entries old
            JOIN names domain ON domain.name = old.domain JOIN names invoker ON invoker.name = old.api_invoker_id
            JOIN names source ON source.name = coalesce(old.src_interface, '')
            JOIN shapes ON shapes.domain = old.domain AND shapes.aef_id = old.aef_id AND shapes.api_id = old.api_id
                AND shapes.api_name = old.api_name AND shapes.api_version = old.api_version AND shapes.resource_name = old.resource_name
                AND shapes.protocol = old.protocol AND shapes.operation = coalesce(old.operation, '') AND shapes.result = old.result
                AND shapes.dest_interface = coalesce(old.dest_interface, '') AND shapes.slice = '' AND shapes.features = coalesce(old.features, '');
        DROP TABLE old_entries;
        CREATE INDEX by_shape ON entries(shape, invoked_at, invoker, source);
        CREATE INDEX by_invoker ON entries(domain, invoker, shape, invoked_at, source);
        CREATE INDEX by_source ON entries(domain, source, shape, invoked_at, invoker);
        CREATE INDEX by_time ON entries(domain, invoked_at, shape, invoker, source);
        """;

    /// <summary>All versions.</summary>
    public static SqliteSchema Schema { get; } = new(First, Second);
}
