using System.Collections.Immutable;
using CapifOrleans.Auditing;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;
using CapifOrleans.Silo.InvocationLogs;

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
    public async Task Query_AnswersOneMoreThanTheMost_SoThatItsCallerSeesThatThereAreMore()
    {
        await AppendAsync("domain", Log("aef", "invoker", [.. Enumerable.Repeat(Entry(), 5)]));

        Assert.Equal(4, (await _store.QueryAsync("domain", new(), 3, default)).Sum(log => log.Logs.Length));
        Assert.Equal(5, (await _store.QueryAsync("domain", new(), 5, default)).Sum(log => log.Logs.Length));
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

        Assert.Single(await killed.QueryAsync("domain", new(), 10, default));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static DateTimeOffset At(string text) => WireDateTime.TryParse(text, out var value) ? value.Instant : throw new FormatException(text);

    private static InterfaceDescription Interface(string address) => new() { Ipv4Addr = address, Port = 443 };

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

    private Task AppendAsync(string domain, InvocationLog log) => _store.AppendAsync(Guid.NewGuid().ToString("N"), domain, log, default);

    private Task<ImmutableArray<InvocationLog>> QueryAsync(string domain, AuditQuery query) => _store.QueryAsync(domain, query, 10_000, default);
}
