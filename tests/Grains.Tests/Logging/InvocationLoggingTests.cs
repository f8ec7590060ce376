using CapifOrleans.Auditing;
using CapifOrleans.Events;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.InvokerManagement;
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
        Assert.Equal("200", Assert.Single(Assert.Single(found.Value!.Logs).Logs).Result);
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
        Assert.Null((await capif.Host.Grain<IEventSubscriberGrain>(party.Amf.Id).SubscribeAsync(
            party.Amf,
            new EventSubscription
            {
                Events = [CapifEvent.ServiceApiInvocationSuccess, CapifEvent.ServiceApiInvocationFailure],
                NotificationDestination = "https://amf.test/",
                SupportedFeatures = SupportedFeatures.Of(3),
            },
            default)).Refusal);

        Assert.Null((await LogAsync(capif, party, party.Log(result))).Refusal);

        Assert.Contains(expected, (await capif.Sender.NextAsync()).Json, StringComparison.Ordinal);
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
        Assert.Single((await AuditAsync(capif, party.Amf, new AuditQuery { ApiInvokerId = second })).Value!.Logs);
        Assert.Equal(2, (await AuditAsync(capif, party.Amf, new AuditQuery { SupportedFeatures = SupportedFeatures.Of(1) })).Value!.Logs.Length);
    }

    [Fact]
    public async Task MoreThanOneAnswerHolds_IsRefusedNamingTheTimeRange()
    {
        await using var capif = await CapifHost.StartAsync();
        var party = await PrepareAsync(capif);
        var log = party.Log();
        Assert.Null((await LogAsync(capif, party, log with { Logs = [.. Enumerable.Repeat(log.Logs[0], 10_001)] })).Refusal);

        var refusal = (await AuditAsync(capif, party.Amf, new AuditQuery())).Refusal;

        Assert.Equal("time-range-start", Assert.Single(refusal!.InvalidParams).Param);
    }

    private static async Task<Party> PrepareAsync(CapifHost capif)
    {
        var (_, amf, apf, aef) = await capif.RegisterAsync();
        var published = await capif.Host.Grain<IServicePublisherGrain>(apf.Id).PublishAsync(apf, CapifHost.Api("api" + aef.Id, aef.Id), default);
        Assert.Null(published.Refusal);
        var (apiInvokerId, _) = await capif.OnboardAsync();
        return new Party(amf, aef, apiInvokerId, published.Value!);
    }

    private static Task<Outcome<StoredInvocationLog>> LogAsync(CapifHost capif, Party party, InvocationLog log) =>
        capif.Host.Grains.GetGrain<IInvocationLoggingGrain>(0).LogAsync(party.Aef, log, default);

    private static Task<Outcome<AuditAnswer>> AuditAsync(CapifHost capif, CallerIdentity amf, AuditQuery query) =>
        capif.Host.Grains.GetGrain<IInvocationAuditGrain>(0).QueryAsync(amf, query, default);

    /// <summary>A provider with a published service API, and an onboarded API invoker.</summary>
    private sealed record Party(CallerIdentity Amf, CallerIdentity Aef, string ApiInvokerId, ServiceApiDescription Api)
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
