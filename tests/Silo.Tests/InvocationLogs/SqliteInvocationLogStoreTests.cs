using System.Collections.Immutable;
using CapifOrleans.Auditing;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;
using CapifOrleans.Silo.InvocationLogs;
using Microsoft.Data.Sqlite;

namespace CapifOrleans.Silo.Tests.InvocationLogs;

/// <summary>The table of invocation logs: what it keeps, and which entries each filter of an audit finds (29.222 8.8.2.2.3.1).</summary>
public sealed class SqliteInvocationLogStoreTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("capif-logs-").FullName;
    private SqliteInvocationLogStore _store;

    public SqliteInvocationLogStoreTests() => _store = Open();

    /// <summary>A filter that finds the marked entry of two, and one that finds neither.</summary>
    public static TheoryData<string, AuditQuery, AuditQuery> Filters() => new()
    {
        { "aef-id", new() { AefId = "aef" }, new() { AefId = "nobody" } },
        { "api-invoker-id", new() { ApiInvokerId = "invoker" }, new() { ApiInvokerId = "nobody" } },
        { "time-range-start", new() { TimeRangeStart = At("2026-01-02T03:04:05.678Z") }, new() { TimeRangeStart = At("2026-01-02T03:04:05.679Z") } },
        {
            "time-range", new() { TimeRangeStart = At("2026-01-02T00:00:00Z"), TimeRangeEnd = At("2026-01-02T03:04:05.678Z") },
            new() { TimeRangeStart = At("2026-01-01T12:00:00Z"), TimeRangeEnd = At("2026-01-02T03:04:05.677Z") }
        },
        { "api-id", new() { ApiId = "api1" }, new() { ApiId = "api" } },
        { "api-name", new() { ApiName = "monitoring" }, new() { ApiName = "Monitoring" } },
        { "api-version", new() { ApiVersion = "v1" }, new() { ApiVersion = "v" } },
        { "protocol", new() { Protocol = Protocol.Http11 }, new() { Protocol = Protocol.Mqtt } },
        { "operation", new() { Operation = Operation.Get }, new() { Operation = Operation.Put } },
        { "result", new() { Result = "200" }, new() { Result = "2%" } },
        { "resource-name", new() { ResourceName = "subscriptions" }, new() { ResourceName = "' OR '1'='1" } },
        { "src-interface", new() { SourceInterface = Interface("192.0.2.1") }, new() { SourceInterface = Interface("192.0.2.9") } },
        { "dest-interface", new() { DestinationInterface = Interface("192.0.2.2") }, new() { DestinationInterface = Interface("192.0.2.1") } },
        { "net-slice-info", new() { NetSliceInfo = [Slice("other"), Slice("east")] }, new() { NetSliceInfo = [Slice("other")] } },
        {
            "all at once", new() { AefId = "aef", ApiInvokerId = "invoker", ApiId = "api1", Result = "200", Operation = Operation.Get },
            new() { AefId = "aef", ApiInvokerId = "invoker", ApiId = "api1", Result = "200", Operation = Operation.Post }
        },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Filter_FindsWhatMatchesItAndNothingElse(string filter, AuditQuery matching, AuditQuery missing)
    {
        await AppendAsync("domain", Log("aef", "invoker", Entry()));
        await AppendAsync("domain", Log("other", "another", Other()));

        var found = await QueryAsync("domain", matching);

        Assert.True(found.Length == 1, filter);
        Assert.Equal(Json(Log("aef", "invoker", Entry())), Json(found[0]));
        Assert.Empty(await QueryAsync("domain", missing));
    }

    [Fact]
    public async Task Query_SeesItsOwnDomainOnly()
    {
        await AppendAsync("domain", Log("aef", "invoker", Entry()));

        Assert.Empty(await QueryAsync("another", new()));
        Assert.Empty(await QueryAsync("domain' OR 'a'='a", new()));
        Assert.False(await _store.HasAnyAsync("another", null, null, default));
        Assert.True(await _store.HasAnyAsync("domain", "aef", "invoker", default));
        Assert.False(await _store.HasAnyAsync("domain", "aef", "another", default));
    }

    [Fact]
    public async Task Entries_AreGroupedByPartiesInTheOrderInWhichTheyCame()
    {
        await AppendAsync("domain", Log("aef", "a", Entry() with { Result = "1" }, Entry() with { Result = "2" }));
        await AppendAsync("domain", Log("aef", "b", Entry() with { Result = "3" }));
        await AppendAsync("domain", Log("aef", "a", Entry() with { Result = "4" }));

        var found = await QueryAsync("domain", new());

        Assert.Equal(["a:1,2,4", "b:3"], found.Select(log => $"{log.ApiInvokerId}:{string.Join(',', log.Logs.Select(entry => entry.Result))}"));
    }

    [Fact]
    public async Task Query_ReadsNothingWhereMoreMatchThanTheMost()
    {
        await AppendAsync("domain", Log("aef", "invoker", [.. Enumerable.Repeat(Entry(), 5)]));

        Assert.True((await _store.QueryAsync("domain", new(), 4, default)).IsTooMany);
        Assert.Empty((await _store.QueryAsync("domain", new(), 4, default)).Logs);
        Assert.Equal(5, Assert.Single((await _store.QueryAsync("domain", new(), 5, default)).Logs).Entries.Length);
    }

    [Fact]
    public async Task TextThatLooksLikeSql_IsStoredAndFoundAsText()
    {
        const string Text = "x'); DROP TABLE entries; --";
        await AppendAsync("domain", Log(Text, Text, Entry() with { ApiName = Text, ResourceName = Text }));

        var found = Assert.Single(await QueryAsync("domain", new() { AefId = Text, ApiInvokerId = Text, ApiName = Text, ResourceName = Text }));

        Assert.Equal(Text, found.Logs[0].ResourceName);
    }

    [Fact]
    public async Task WhatManyWriteAtOnce_IsAllThereAfterReopening()
    {
        const int Writers = 64;
        const int Each = 20;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var index = 0; index < Each; index++)
                await AppendAsync("domain", Log("aef", $"invoker{writer}", Entry() with { Result = $"{index}" }));
        }));
        await _store.DisposeAsync();
        _store = Open();

        var found = await QueryAsync("domain", new());

        Assert.Equal(Writers, found.Length);
        Assert.All(found, log => Assert.Equal(Enumerable.Range(0, Each).Select(index => $"{index}"), log.Logs.Select(entry => entry.Result)));
    }

    [Fact]
    public async Task WhatWasAcknowledged_IsInTheFilesOfAStoreThatNeverClosed()
    {
        await AppendAsync("domain", Log("aef", "invoker", Entry()));
        // The files as a kill leaves them: the first store is still open and has not moved its write-ahead log.
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        foreach (var file in Directory.GetFiles(_folder, "logs.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));

        await using var killed = new SqliteInvocationLogStore(Path.Combine(copy, "logs.db"));

        Assert.Single((await killed.QueryAsync("domain", new(), 10, default)).Logs);
    }

    /// <summary>Every two filters together, on both sides of what is looked at entry by entry: 5,000 entries of each kind.</summary>
    [Fact]
    public async Task FiltersTogether_FindTheOnlyEntryAmongThousands()
    {
        const int Many = 5000;
        foreach (var other in new[] { Entry() with { Result = "500" }, Entry() with { SrcInterface = Interface("192.0.2.7") }, Other() })
            await AppendAsync("domain", Log("aef", "invoker", [.. Enumerable.Repeat(other, Many)]));
        await AppendAsync("domain", Log("aef", "invoker", Entry()));
        await AppendAsync("domain", Log("aef", "few", [.. Enumerable.Repeat(Entry() with { Result = "204" }, 3)]));
        var source = Interface("192.0.2.1");
        var (start, end) = (At("2026-01-02T00:00:00Z"), At("2026-01-03T00:00:00Z"));

        foreach (var query in new AuditQuery[]
        {
            new() { ApiInvokerId = "invoker", SourceInterface = source, Result = "200" },
            new() { ApiInvokerId = "invoker", SourceInterface = source, TimeRangeStart = start, TimeRangeEnd = end, Result = "200", ApiId = "api1" },
            new() { SourceInterface = source, Result = "200", TimeRangeStart = start },
        })
        {
            Assert.Equal("200", Assert.Single(Assert.Single(await QueryAsync("domain", query)).Logs).Result);
        }

        Assert.Equal(Many + 1, Assert.Single(await QueryAsync("domain", new() { ApiInvokerId = "invoker", SourceInterface = source })).Logs.Length);
        Assert.Equal(3, Assert.Single(await QueryAsync("domain", new() { ApiInvokerId = "few", TimeRangeStart = start, ApiId = "api1" })).Logs.Length);
        Assert.Equal(Many, Assert.Single(await QueryAsync("domain", new() { ApiInvokerId = "invoker", TimeRangeEnd = start })).Logs.Length);
    }

    [Fact]
    public async Task BatchOfTheSameKey_IsKnownAgainForADay_AndForThatAefOnly()
    {
        var now = At("2026-01-02T00:00:00Z");
        var first = await AppendAsync("domain", Log("aef", "invoker", Entry()), "k", now, [1]);
        var again = await AppendAsync("domain", Log("aef", "invoker", Entry()), "k", now.AddHours(23), [1]);
        Assert.Equal(first, again);
        Assert.Null((await AppendAsync("domain", Log("aef", "invoker", Entry()), "k", now, [2])).LogId);
        await _store.SetPublishedAsync("aef", "k", default);
        Assert.Equal(first with { IsPublished = true }, await AppendAsync("domain", Log("aef", "invoker", Entry()), "k", now, [1]));
        Assert.Single((await QueryAsync("domain", new())).Single().Logs);

        var later = await AppendAsync("domain", Log("aef", "invoker", Entry()), "k", now.AddHours(25), [1]);
        var another = await AppendAsync("domain", Log("other", "invoker", Entry()), "k", now, [1]);

        Assert.Equal(3, new[] { first.LogId, later.LogId, another.LogId }.Distinct().Count());
    }

    [Fact]
    public async Task Purge_RemovesWhatWasKeptLongEnough_StepByStep_23222_AnnexE()
    {
        var now = At("2026-06-01T00:00:00Z");
        for (var hours = 10; hours > 0; hours--)
        {
            await AppendAsync("domain", Log("aef", "invoker", Entry() with { Result = $"{hours}" }), $"k{hours}", now.AddHours(-hours), []);
            await AppendAsync("domain", Log("aef", "other", Other() with { Result = $"{hours}" }), null, now.AddHours(-hours), []);
            await AppendAsync("domain", Log("aef", "forever", Entry() with { ApiId = "kept" }), null, now.AddHours(-hours), []);
        }

        var bounds = new RetentionBounds
        {
            Others = now.AddHours(-6),
            ByApi = ImmutableDictionary<string, DateTimeOffset?>.Empty.Add("api2", now.AddHours(-3)).Add("kept", null),
            Requests = now.AddHours(-1),
        };
        var (removed, steps) = (0, 0);
        for (long? position = 0; position is { } at; steps++)
        {
            var step = await _store.PurgeAsync(bounds, at, 4, default);
            (position, removed) = (step.Position, removed + step.Removed);
        }

        var found = (await QueryAsync("domain", new())).ToDictionary(log => log.ApiInvokerId, log => string.Join(',', log.Logs.Select(entry => entry.Result)));
        Assert.Equal("6,5,4,3,2,1", found["invoker"]);
        Assert.Equal("3,2,1", found["other"]);
        Assert.Equal(10, found["forever"].Split(',').Length);
        Assert.Equal((11, true), (removed, steps > 3));
        // Its key is not known again either.
        Assert.NotNull((await AppendAsync("domain", Log("aef", "invoker", Entry()), "k9", now.AddHours(-9), [7])).LogId);
    }

    /// <summary>A file of the first version, as it was written before shapes.</summary>
    [Fact]
    public async Task FileOfTheFirstVersion_IsTakenOverWhole()
    {
        var file = Path.Combine(_folder, "old.db");
        await using (var old = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await old.OpenAsync();
            await using var command = old.CreateCommand();
            command.CommandText =
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
                INSERT INTO entries VALUES(NULL, 'x', 'domain', 'aef', 'invoker', '0', 'api1', 'monitoring', 'v1', 'subscriptions', 'HTTP_1_1', 'GET', '200',
                    $time, NULL, NULL, $entry);
                INSERT INTO entries VALUES(NULL, 'x', 'domain', 'aef', 'invoker', '0', 'api1', 'monitoring', 'v1', 'subscriptions', 'HTTP_1_1', NULL, '500',
                    NULL, '{"ipv4Addr":"192.0.2.1","port":443}', NULL, $entry);
                PRAGMA user_version=1;
                """;
            command.Parameters.AddWithValue("$time", At("2026-01-02T03:04:05Z").UtcTicks);
            command.Parameters.AddWithValue("$entry", WireJson.SerializeToUtf8Bytes(Entry() with { NetSliceInfo = null }));
            await command.ExecuteNonQueryAsync();
        }

        await using var store = new SqliteInvocationLogStore(file);

        async Task<int> CountAsync(AuditQuery query) => (await store.QueryAsync("domain", query, 10, default)).Logs.Sum(log => log.Entries.Length);
        Assert.Equal(2, await CountAsync(new() { AefId = "aef", ApiInvokerId = "invoker", ApiId = "api1" }));
        Assert.Equal(1, await CountAsync(new() { Operation = Operation.Get, TimeRangeStart = At("2026-01-02T03:04:05Z") }));
        Assert.Equal(1, await CountAsync(new() { SourceInterface = Interface("192.0.2.1"), Result = "500" }));
        var log = Assert.Single((await store.QueryAsync("domain", new(), 10, default)).Logs);
        Assert.Equal(WireJson.SerializeToUtf8Bytes(Entry() with { NetSliceInfo = null }), log.Entries[0].Json.ToArray());
        Assert.Equal("0", log.SupportedFeatures?.Text);
    }

    [Fact]
    public async Task EntryWithoutTime_IsFoundByWhenItCame()
    {
        await AppendAsync("domain", Log("aef", "invoker", Entry() with { InvocationTime = null }), null, At("2026-06-01T00:00:00Z"), []);

        Assert.Single(await QueryAsync("domain", new() { TimeRangeStart = At("2026-06-01T00:00:00Z"), TimeRangeEnd = At("2026-06-01T00:00:00Z") }));
        Assert.Empty(await QueryAsync("domain", new() { TimeRangeStart = At("2026-06-01T00:00:01Z") }));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static DateTimeOffset At(string text) => WireDateTime.TryParse(text, out var value) ? value.Instant : throw new FormatException(text);

    private static InterfaceDescription Interface(string address) => new() { Ipv4Addr = address, Port = 443 };

    private static NetSliceId Slice(string ensi) => new() { Ensi = ensi };

    private static Log Entry() => new()
    {
        ApiId = "api1",
        ApiName = "monitoring",
        ApiVersion = "v1",
        ResourceName = "subscriptions",
        Protocol = Protocol.Http11,
        Operation = Operation.Get,
        Result = "200",
        InvocationTime = WireDateTime.TryParse("2026-01-02T04:04:05.678+01:00", out var time) ? time : null,
        SrcInterface = Interface("192.0.2.1"),
        DestInterface = Interface("192.0.2.2"),
        NetSliceInfo = Slice("east"),
    };

    private static Log Other() => new()
    {
        ApiId = "api2",
        ApiName = "other",
        ApiVersion = "v2",
        ResourceName = "others",
        Protocol = Protocol.Http2,
        Result = "500",
        InvocationTime = WireDateTime.TryParse("2026-01-01T00:00:00Z", out var time) ? time : null,
    };

    private static InvocationLog Log(string aefId, string invokerId, params ReadOnlySpan<Log> entries) =>
        new() { AefId = aefId, ApiInvokerId = invokerId, Logs = [.. entries] };

    private static string Json(InvocationLog log) => System.Text.Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(log));

    private SqliteInvocationLogStore Open() => new(Path.Combine(_folder, "logs.db"));

    private Task<AppendedBatch> AppendAsync(string domain, InvocationLog log) => AppendAsync(domain, log, null, default, []);

    private Task<AppendedBatch> AppendAsync(string domain, InvocationLog log, string? key, DateTimeOffset receivedAt, ImmutableArray<byte> digest) => _store.AppendAsync(
        new InvocationBatch { LogId = Guid.NewGuid().ToString("N"), ApiProvDomId = domain, Log = log, ReceivedAt = receivedAt, RequestKey = key, Digest = digest },
        default);

    /// <summary>What is found, as it goes out: with what the store keeps apart.</summary>
    private async Task<ImmutableArray<InvocationLog>> QueryAsync(string domain, AuditQuery query) =>
    [
        .. (await _store.QueryAsync(domain, query, 10_000, default)).Logs.Select(log => new InvocationLog
        {
            AefId = log.AefId,
            ApiInvokerId = log.ApiInvokerId,
            SupportedFeatures = log.SupportedFeatures,
            Logs =
            [
                .. log.Entries.Select(entry => WireJson.Deserialize<Log>(entry.Json.Span) with
                {
                    NetSliceInfo = entry.NetSliceInfo is { } slice ? WireJson.Deserialize<NetSliceId>(System.Text.Encoding.UTF8.GetBytes(slice)) : null,
                }),
            ],
        }),
    ];
}
