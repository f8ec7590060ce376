using System.Text;
using CapifOrleans.Auditing;
using CapifOrleans.Json;
using Orleans.Storage;

namespace CapifOrleans.Silo.InvocationLogs;

/// <summary>
/// Finds the entries of an audit. Three filters are of the entry itself (API invoker, source, time), the others of its shape. Where one of the
/// first leaves few entries, those are looked at; otherwise the shapes that match lead to their entries, by the index that knows the most
/// of the rest. Either way the work is bounded by few thousand look-ups, not by the number of entries.
/// </summary>
internal sealed class AuditSql
{
    // Up to so many entries it is cheaper to look at each than to go through the shapes.
    private const int Few = 4000;

    private readonly SqliteSession _session;
    private readonly string _domain;
    // The indexes of shapes: by which filter each is entered, best first, and which others it answers as well.
    private static readonly (string Column, string[] Others)[] ShapeIndexes =
    [
        ("api_id", ["aef_id", "result", "operation"]), ("api_name", ["result", "operation"]), ("aef_id", []), ("dest_interface", ["result", "operation"]),
        ("resource_name", ["operation", "result", "protocol", "api_version"]), ("result", ["operation", "protocol", "api_version"]),
        ("slice", ["operation"]),
    ];

    private readonly List<(string Column, string Condition)> _shapeConditions = [];
    private readonly List<object?> _shapeValues = [];
    private string _shapes = "";
    private long? _domainId;
    private long? _invoker;
    private long? _source;
    private long? _start;
    private long? _end;
    private bool _isEmpty;
    private string _plan = "";
    private List<object?> _values = [];

    private AuditSql(SqliteSession session, string domain)
    {
        _session = session;
        _domain = domain;
    }

    /// <summary>The audit of a domain, ready to be asked for its entries.</summary>
    public static AuditSql Of(SqliteSession session, string domain, AuditQuery query)
    {
        var sql = new AuditSql(session, domain);
        sql.Read(query);
        if (!sql._isEmpty)
            sql.Plan();
        return sql;
    }

    /// <summary>How many match, up to <paramref name="most"/>; from indexes alone.</summary>
    public int Count(int most) => _isEmpty ? 0 : Convert.ToInt32(
        _session.Scalar($"SELECT COUNT(*) FROM (SELECT 1 {_plan} LIMIT {most}) found", [.. _values]), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What matches, at most so many, in no order.</summary>
    public List<AuditedRow> Rows(int most) => _isEmpty ? [] : _session.Query(
        $"SELECT e.id, e.invoker, s.aef_id, s.features, s.slice, e.entry {_plan} LIMIT {most}",
        row => new AuditedRow(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(5)),
        [.. _values]);

    private void Read(AuditQuery query)
    {
        _domainId = Name(_domain);
        Shape("aef_id", query.AefId);
        Shape("api_id", query.ApiId);
        Shape("api_name", query.ApiName);
        Shape("api_version", query.ApiVersion);
        Shape("resource_name", query.ResourceName);
        Shape("protocol", query.Protocol is { } protocol ? WireNames.Of(protocol) : null);
        Shape("operation", query.Operation is { } operation ? WireNames.Of(operation) : null);
        Shape("result", query.Result);
        Shape("dest_interface", SqliteInvocationLogStore.Text(query.DestinationInterface));
        Slices(query);
        _invoker = Name(query.ApiInvokerId);
        _source = Name(SqliteInvocationLogStore.Text(query.SourceInterface));
        _start = query.TimeRangeStart?.UtcTicks;
        _end = query.TimeRangeEnd?.UtcTicks;
    }

    private void Shape(string column, string? value)
    {
        if (value is null)
            return;
        _shapeValues.Add(value);
        // The domain is parameter 0.
        _shapeConditions.Add((column, $"=${_shapeValues.Count}"));
    }

    /// <summary>Slices are told apart by what they mean: those of the domain that are meant are looked up by their text.</summary>
    private void Slices(AuditQuery query)
    {
        if (query.NetSliceInfo is not { } wanted)
            return;
        var meant = new List<string>();
        // From one to the next: a domain has few slices, and very many shapes with each.
        for (var text = ""; _session.Scalar("SELECT MIN(slice) FROM shapes WHERE domain=$0 AND slice>$1", _domain, text) is string next; text = next)
        {
            if (WireJson.Deserialize<NetSliceId>(Encoding.UTF8.GetBytes(next)) is var slice && wanted.Any(one => one.IsSame(slice)))
                meant.Add(next);
        }

        _isEmpty |= meant.Count == 0;
        var places = new List<string>();
        foreach (var one in meant)
        {
            _shapeValues.Add(one);
            places.Add($"${_shapeValues.Count}");
        }

        _shapeConditions.Add(("slice", $" IN ({string.Join(',', places)})"));
    }

    /// <summary>The filters of shapes, so that the index that finds fewest is taken: without figures of the table any would do.</summary>
    private string ShapeFilters()
    {
        var index = ShapeIndexes.FirstOrDefault(index => _shapeConditions.Exists(one => one.Column == index.Column));
        return string.Concat(_shapeConditions.Select(one =>
            $" AND {(index.Column is null || one.Column == index.Column || index.Others.Contains(one.Column) ? "" : "+")}s.{one.Column}{one.Condition}"));
    }

    private long? Name(string? name)
    {
        if (name is null)
            return null;
        var id = _session.Scalar("SELECT id FROM names WHERE name=$0", name) as long?;
        _isEmpty |= id is null;
        return id;
    }

    private void Plan()
    {
        List<object?> values = [_domain, .. _shapeValues];
        _shapes = ShapeFilters();
        // A plus sign keeps a column out of SQLite's choice of an index; a database with figures of its tables needs none.
        var time = Condition("+e.invoked_at>=", _start, values) + Condition("+e.invoked_at<=", _end, values);
        var first = Cheapest(out var byEntries);
        if (byEntries)
        {
            var others = first switch
            {
                Driver.Invoker => Condition("e.invoker=", _invoker, values) + Condition("+e.source=", _source, values) + time,
                Driver.Source => Condition("e.source=", _source, values) + Condition("+e.invoker=", _invoker, values) + time,
                _ => Condition("+e.invoker=", _invoker, values) + Condition("+e.source=", _source, values) + time.Replace("+e.", "e.", StringComparison.Ordinal),
            };
            values.Add(_domainId);
            _plan = $"FROM entries e CROSS JOIN shapes s WHERE e.domain=${values.Count - 1}{others} AND s.id=e.shape AND s.domain=$0{_shapes}";
        }
        else
        {
            time = time.Replace("+e.", "e.", StringComparison.Ordinal);
            var others = first switch
            {
                Driver.Invoker => Condition("e.invoker=", _invoker, values) + Condition("+e.source=", _source, values),
                Driver.Source => Condition("e.source=", _source, values),
                _ => "",
            };
            if (others.Length > 0)
            {
                values.Add(_domainId);
                others += $" AND e.domain=${values.Count - 1}";
            }

            _plan = $"FROM shapes s CROSS JOIN entries e WHERE s.domain=$0{_shapes} AND e.shape=s.id{others}{time}";
        }

        _values = values;
    }

    /// <summary>By which of its own attributes entries are found; whether they are few enough to look at each, or there is nothing else to go by.</summary>
    private Driver Cheapest(out bool byEntries)
    {
        var counts = new List<(Driver Driver, long Count)>();
        if (_invoker is not null)
            counts.Add((Driver.Invoker, Count("domain=$0 AND invoker=$1", _domainId, _invoker)));
        if (_source is not null)
            counts.Add((Driver.Source, Count("domain=$0 AND source=$1", _domainId, _source)));
        if (_start is not null || _end is not null)
            counts.Add((Driver.Time, Count("domain=$0 AND invoked_at>=$1 AND invoked_at<=$2", _domainId, _start ?? 0, _end ?? long.MaxValue)));
        var least = counts.Count == 0 ? (Driver: Driver.None, Count: Few) : counts.MinBy(one => one.Count);
        // One filter alone, or none at all: the entries that it finds are the answer.
        byEntries = least.Count < Few || (_shapes.Length == 0 && counts.Count <= 1);
        return byEntries || least.Driver != Driver.Time ? least.Driver : Driver.None;
    }

    private long Count(string condition, params ReadOnlySpan<object?> values) =>
        (long)_session.Scalar($"SELECT COUNT(*) FROM (SELECT 1 FROM entries WHERE {condition} LIMIT {Few}) few", values)!;

    private static string Condition(string condition, long? value, List<object?> values)
    {
        if (value is null)
            return "";
        values.Add(value);
        return $" AND {condition}${values.Count - 1}";
    }

    private enum Driver
    {
        None,
        Invoker,
        Source,
        Time,
    }
}

/// <summary>An entry that matches.</summary>
internal sealed record AuditedRow(long Id, long Invoker, string AefId, string Features, string Slice, byte[] Entry);
