using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CapifOrleans.Auditing;
using CapifOrleans.Events;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Logging;

/// <summary>What an AEF may log, what an AMF then finds, and every refusal of both (29.222 5.8 and 5.9).</summary>
public sealed class InvocationLoggingTests
{
    [Fact]
    public async Task Log_IsFoundByTheAmfOfItsDomain_AndByNoOther()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);

        var stored = await LogAsync(capif, party, party.Log());

        Assert.Null(stored.Refusal);
        Assert.Matches("^[0-9a-zA-Z]+$", stored.Value!.LogId);
        var found = await AuditAsync(capif, party.Amf, new AuditQuery());
        Assert.Equal("200", Assert.Single(Assert.Single(Logs(found)).Logs).Result);
        var (_, stranger, _, _) = await capif.RegisterAsync();
        Assert.Equal(ErrorKind.NotFound, (await AuditAsync(capif, stranger, new AuditQuery())).Refusal?.Kind);
    }

    [Theory]
    [InlineData("aefId", ErrorKind.Forbidden)]
    [InlineData("apiInvokerId", ErrorKind.NotFound)]
    [InlineData("logs[1].apiId", ErrorKind.NotFound)]
    [InlineData("logs[1].apiName", ErrorKind.NotFound)]
    public async Task WrongAttribute_IsNamed_AndNothingIsStored(string attribute, ErrorKind kind)
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var log = party.Log();
        var entry = log.Logs[0];
        log = attribute switch
        {
            "aefId" => log with { AefId = "another" },
            "apiInvokerId" => log with { ApiInvokerId = "nobody" },
            "logs[1].apiId" => log with { Logs = [entry, entry with { ApiId = "unknown" }] },
            _ => log with { Logs = [entry, entry with { ApiName = "unknown" }] },
        };

        var refusal = (await LogAsync(capif, party, log)).Refusal;

        Assert.Equal(kind, refusal?.Kind);
        Assert.Equal(attribute, Assert.Single(refusal!.InvalidParams).Param);
        Assert.Equal(ErrorKind.NotFound, (await AuditAsync(capif, party.Amf, new AuditQuery())).Refusal?.Kind);
    }

    [Fact]
    public async Task ServiceApiOfAnotherAef_IsNotKnown()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var another = await PrepareAsync(capif);

        var refusal = (await LogAsync(capif, party, party.Log() with { Logs = another.Log().Logs })).Refusal;

        Assert.Equal("logs[0].apiId", Assert.Single(refusal!.InvalidParams).Param);
    }

    [Fact]
    public async Task OffboardedInvoker_IsNotKnown()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        Assert.Null((await capif.Host.Grain<IApiInvokerGrain>(party.ApiInvokerId).OffboardAsync(default)).Refusal);

        var refusal = (await LogAsync(capif, party, party.Log())).Refusal;

        Assert.Equal("apiInvokerId", Assert.Single(refusal!.InvalidParams).Param);
    }

    [Theory]
    [InlineData("200", "SERVICE_API_INVOCATION_SUCCESS")]
    [InlineData("299", "SERVICE_API_INVOCATION_SUCCESS")]
    [InlineData("404", "SERVICE_API_INVOCATION_FAILURE")]
    [InlineData("2", "SERVICE_API_INVOCATION_FAILURE")]
    public async Task Entry_IsToldToSubscribedAmf_AsItsResultSays(string result, string expected)
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        await SubscribeAsync(capif, party.Amf, null);

        Assert.Null((await LogAsync(capif, party, party.Log(result))).Refusal);

        Assert.Contains(expected, (await capif.Sender.NextAsync()).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_IsToldEntryByEntry_ToWhoseFilterLetsItThrough_29222_8_3_4_2_4()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var another = await capif.Host.Grain<IServicePublisherGrain>(party.Apf.Id).PublishAsync(party.Apf, CapifHost.Api("another", party.Aef.Id), default);
        var (_, stranger, _, _) = await capif.RegisterAsync();
        await SubscribeAsync(capif, stranger, null);
        await SubscribeAsync(capif, party.Amf, new CapifEventFilter { ApiIds = [party.Api.ApiId!], AefIds = [party.Aef.Id], ApiInvokerIds = [party.ApiInvokerId] });
        var entry = party.Log().Logs[0];
        var elsewhere = entry with { ApiId = another.Value!.ApiId!, ApiName = "another" };

        Assert.Null((await LogAsync(
            capif, party, party.Log() with { Logs = [entry with { Uri = "1" }, elsewhere, entry with { Result = "500", Uri = "2" }, entry with { Uri = "3" }] })).Refusal);

        var told = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            var (destination, json) = await capif.Sender.NextAsync();
            Assert.Equal(party.Amf.Id + ".test", destination.Host);
            var notification = JsonNode.Parse(json)!;
            var log = Assert.Single(notification["eventDetail"]!["invocationLogs"]!.AsArray())!;
            Assert.Equal(party.ApiInvokerId, log["apiInvokerId"]!.GetValue<string>());
            told.Add($"{notification["events"]} {Assert.Single(log["logs"]!.AsArray())!["uri"]}");
        }

        Assert.Equal(["SERVICE_API_INVOCATION_SUCCESS 1", "SERVICE_API_INVOCATION_FAILURE 2", "SERVICE_API_INVOCATION_SUCCESS 3"], told);
        Assert.True(capif.Sender.IsEmpty);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "key")]
    public async Task BatchThatComesAgain_IsNeitherStoredNorToldTwice(bool withTime, string? key)
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        await SubscribeAsync(capif, party.Amf, null);
        var log = withTime ? WithTimes(party.Log()) : party.Log();

        var first = await LogAsync(capif, party, log, key);
        var again = await LogAsync(capif, party, log, key);

        Assert.Equal(first.Value!.LogId, again.Value!.LogId);
        Assert.Single(Assert.Single(Logs(await AuditAsync(capif, party.Amf, new AuditQuery()))).Logs);
        await capif.Sender.NextAsync();
        // What is told next is another batch's.
        await LogAsync(capif, party, log with { Logs = [log.Logs[0] with { Result = "404" }] }, key is null ? null : "other");
        Assert.Contains("404", (await capif.Sender.NextAsync()).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BatchWithoutTimes_MayBeAnotherOfTheSame_AndAKeyIsForOneBatchOnly()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);

        var ids = new[] { await LogAsync(capif, party, party.Log()), await LogAsync(capif, party, party.Log()), await LogAsync(capif, party, party.Log(), "key") };
        Assert.Equal(3, ids.Select(one => one.Value!.LogId).Distinct().Count());
        var reused = (await LogAsync(capif, party, party.Log("500"), "key")).Refusal;
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", reused?.Cause);
        Assert.Equal("Idempotency-Key", reused!.InvalidParams.Single().Param);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", "0")]
    [InlineData("3", "1")]
    public async Task Slice_IsKeptAndShown_WhereBothEndsHaveTheFeature_29222_8_7_6(string? asked, string? common)
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var log = party.Log() with { SupportedFeatures = SupportedFeatures.TryParse(asked, out var features) ? features : null };
        log = log with { Logs = [log.Logs[0] with { NetSliceInfo = new NetSliceId { Ensi = "e" } }] };

        var stored = (await LogAsync(capif, party, log)).Value!.Log;

        Assert.Equal(common, stored.SupportedFeatures?.Text);
        Assert.Equal(common == "1" ? "e" : null, stored.Logs[0].NetSliceInfo?.Ensi);
        Assert.Null(Logs(await AuditAsync(capif, party.Amf, new AuditQuery())).Single().Logs[0].NetSliceInfo);
        var query = new AuditQuery { SupportedFeatures = SupportedFeatures.Of(2) };
        Assert.Equal(common == "1" ? "e" : null, Logs(await AuditAsync(capif, party.Amf, query)).Single().Logs[0].NetSliceInfo?.Ensi);
        var refusal = (await AuditAsync(capif, party.Amf, new AuditQuery { NetSliceInfo = [new NetSliceId { Ensi = "e" }] })).Refusal;
        Assert.Equal("net-slice-info", refusal!.InvalidParams.Single().Param);
    }

    [Fact]
    public async Task SeveralParties_AreAnsweredWithEnQueryInvokeLogOnly()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var (second, _) = await capif.OnboardAsync();
        Assert.Null((await LogAsync(capif, party, party.Log())).Refusal);
        Assert.Null((await LogAsync(capif, party, party.Log() with { ApiInvokerId = second })).Refusal);

        Assert.Equal(ErrorKind.InvalidRequest, (await AuditAsync(capif, party.Amf, new AuditQuery())).Refusal?.Kind);
        Assert.Equal(second, Assert.Single(Logs(await AuditAsync(capif, party.Amf, new AuditQuery { ApiInvokerId = second }))).ApiInvokerId);
        var several = WireJson.Deserialize<InvocationLogs>(
            (await AuditAsync(capif, party.Amf, new AuditQuery { SupportedFeatures = SupportedFeatures.Of(1, 3) })).Value!.Body.AsSpan());
        Assert.Equal(2, several.MultipleInvocationLogs.Length);
        Assert.Equal("1", several.SupportedFeatures?.Text);
    }

    [Fact]
    public async Task MoreThanOneAnswerHolds_IsRefusedNamingTheTimeRange()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var log = party.Log();
        Assert.Null((await LogAsync(capif, party, log with { Logs = [.. Enumerable.Repeat(log.Logs[0], 1_001)] })).Refusal);

        var refusal = (await AuditAsync(capif, party.Amf, new AuditQuery())).Refusal;

        Assert.Equal("time-range-start", Assert.Single(refusal!.InvalidParams).Param);
    }

    private static ImmutableArray<InvocationLog> Logs(Outcome<AuditAnswer> outcome) => [WireJson.Deserialize<InvocationLog>(outcome.Value!.Body.AsSpan())];

    private static async Task<Party> PrepareAsync(CapifHost capif)
    {
        var (_, amf, apf, aef) = await capif.RegisterAsync();
        var published = await capif.Host.Grain<IServicePublisherGrain>(apf.Id).PublishAsync(apf, CapifHost.Api("api" + aef.Id, aef.Id), default);
        Assert.Null(published.Refusal);
        var (apiInvokerId, _) = await capif.OnboardAsync();
        return new Party(amf, apf, aef, apiInvokerId, published.Value!);
    }

    private static async Task SubscribeAsync(CapifHost capif, CallerIdentity amf, CapifEventFilter? filter) => Assert.Null((await capif.Host
        .Grain<IEventSubscriberGrain>(amf.Id).SubscribeAsync(
            amf,
            new EventSubscription
            {
                Events = [CapifEvent.ServiceApiInvocationSuccess, CapifEvent.ServiceApiInvocationFailure],
                EventFilters = filter is null ? null : [filter, filter],
                NotificationDestination = $"https://{amf.Id}.test/",
                SupportedFeatures = SupportedFeatures.Of(3),
            },
            default)).Refusal);

    private static InvocationLog WithTimes(InvocationLog log)
    {
        Assert.True(WireDateTime.TryParse("2026-01-02T03:04:05Z", out var time));
        return log with { Logs = [.. log.Logs.Select(entry => entry with { InvocationTime = time })] };
    }

    private static Task<Outcome<StoredInvocationLog>> LogAsync(CapifHost capif, Party party, InvocationLog log, string? idempotencyKey = null) =>
        capif.Host.Grains.GetGrain<IInvocationLoggingGrain>(0).LogAsync(party.Aef, log, idempotencyKey, default);

    private static Task<Outcome<AuditAnswer>> AuditAsync(CapifHost capif, CallerIdentity amf, AuditQuery query) =>
        capif.Host.Grains.GetGrain<IInvocationAuditGrain>(0).QueryAsync(amf, query, default);

    /// <summary>A provider with a published service API, and an onboarded API invoker.</summary>
    private sealed record Party(CallerIdentity Amf, CallerIdentity Apf, CallerIdentity Aef, string ApiInvokerId, ServiceApiDescription Api)
    {
        public InvocationLog Log(string result = "200") => new()
        {
            AefId = Aef.Id,
            ApiInvokerId = ApiInvokerId,
            Logs =
            [
                new Log
                {
                    ApiId = Api.ApiId!,
                    ApiName = Api.ApiName,
                    ApiVersion = "v1",
                    ResourceName = "subscriptions",
                    Protocol = Protocol.Http11,
                    Result = result,
                },
            ],
        };
    }
}
