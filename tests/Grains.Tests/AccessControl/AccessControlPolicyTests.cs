using CapifOrleans.AccessControl;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;
using CapifOrleans.Publish;
using CapifOrleans.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.AccessControl;

/// <summary>Where policies come from, which one holds, and when they go (29.222 5.10, 23.222 8.1.3).</summary>
public sealed class AccessControlPolicyTests
{
    private static readonly ApiInvokerPolicy Ten = new() { ApiInvokerId = "", AllowedTotalInvocations = 10 };

    [Fact]
    public async Task SecurityContext_BringsTheOperatorsDefaultPolicy_23222_8_1_3()
    {
        await using var host = await PolicyHost.StartAsync(services =>
            services.AddSingleton(new AccessControlOptions { DefaultTotalInvocations = 7, DefaultInvocationsPerSecond = 3 }));
        var invoker = await host.OnboardAsync();

        var expected = new ApiInvokerPolicy { ApiInvokerId = invoker, AllowedTotalInvocations = 7, AllowedInvocationsPerSecond = 3 };
        Assert.Equal(expected, Assert.Single(await host.AskAsync()));
        Assert.Equal(expected, Assert.Single(await host.AskAsync(invoker)));
        Assert.Empty(await host.AskAsync("somebody else"));
    }

    [Fact]
    public async Task WithoutContext_ThereIsNoPolicy()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync(withContext: false);

        Assert.Empty(await host.AskAsync());
        Assert.Empty(await host.AskAsync(invoker));
    }

    [Fact]
    public async Task DefaultOfTheServiceApi_IsForThoseWhoComeLater()
    {
        await using var host = await PolicyHost.StartAsync();
        var early = await host.OnboardAsync();
        Assert.Null((await host.SetAsync(null, Ten)).Refusal);

        var late = await host.OnboardAsync();

        Assert.Null((await host.AskAsync(early)).Single().AllowedTotalInvocations);
        Assert.Equal(10, (await host.AskAsync(late)).Single().AllowedTotalInvocations);
        // Nobody gets other bounds by negotiating again.
        await host.NegotiateAsync(early);
        Assert.Null((await host.AskAsync(early)).Single().AllowedTotalInvocations);
    }

    [Fact]
    public async Task WhatIsSetForTheAef_GoesBeforeWhatIsSetForAll_AndThatBeforeTheDefault()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        async Task<int?> TotalAsync() => (await host.AskAsync(invoker)).Single().AllowedTotalInvocations;

        Assert.Null((await host.SetAsync(invoker, Ten with { AllowedTotalInvocations = 2 }, host.Aef.Id)).Refusal);
        Assert.Null((await host.SetAsync(invoker, Ten)).Refusal);

        Assert.Equal(2, await TotalAsync());
        Assert.Null((await host.RemoveAsync(invoker, host.Aef.Id)).Refusal);
        Assert.Equal(10, await TotalAsync());
        Assert.Null((await host.RemoveAsync(invoker)).Refusal);
        Assert.Null(await TotalAsync());
        Assert.Equal("POLICY_NOT_FOUND", (await host.RemoveAsync(invoker)).Refusal?.Cause);
    }

    [Fact]
    public async Task ServiceApiThatCameLater_GetsItsPolicyWhenTheAefAsks()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        var later = await host.PublishAsync("later");

        Assert.Empty(await host.AskAsync(apiId: later));
        Assert.Equal(invoker, (await host.AskAsync(invoker, later)).Single().ApiInvokerId);
        Assert.Equal(invoker, (await host.AskAsync(apiId: later)).Single().ApiInvokerId);
    }

    [Fact]
    public async Task Offboarding_LeavesNoPolicyBehind_NeitherSetNorByDefault()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        var other = await host.OnboardAsync();
        await host.SetAsync(invoker, Ten);

        await host.Capif.Host.Grain<IApiInvokerGrain>(invoker).OffboardAsync(default);
        await host.Capif.Steps.UntilAsync("Completed");

        Assert.Equal(other, (await host.AskAsync()).Single().ApiInvokerId);
        Assert.Empty(await host.AskAsync(invoker));
        Assert.Equal("API_INVOKER_NOT_FOUND", (await host.SetAsync(invoker, Ten)).Refusal?.Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Revocation_EndsWhatCameByDefault_AndKeepsWhatWasSet(bool whole)
    {
        await using var host = await PolicyHost.StartAsync();
        var byDefault = await host.OnboardAsync();
        var withSetting = await host.OnboardAsync();
        await host.SetAsync(withSetting, Ten);

        foreach (var invoker in new[] { byDefault, withSetting })
        {
            var grain = host.Capif.Host.Grain<IApiInvokerGrain>(invoker);
            var notification = new SecurityNotification { ApiInvokerId = invoker, ApiIds = [host.ApiId], Cause = Cause.OverlimitUsage };
            Assert.Null((whole
                ? await grain.DeleteSecurityContextAsync(host.Aef.Id, default)
                : await grain.RevokeAuthorizationAsync(host.Aef.Id, notification, default)).Refusal);
        }

        Assert.Empty(await host.AskAsync(byDefault));
        Assert.Equal(10, (await host.AskAsync(withSetting)).Single().AllowedTotalInvocations);
        // Negotiating again does not widen what the operator set.
        await host.NegotiateAsync(withSetting);
        Assert.Equal(10, (await host.AskAsync(withSetting)).Single().AllowedTotalInvocations);
    }

    [Fact]
    public async Task Unpublishing_RemovesThePolicies()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        await host.SetAsync(invoker, Ten);
        await host.SetAsync(null, Ten);

        Assert.Null((await host.Capif.Host.Grain<IServicePublisherGrain>(host.Apf.Id).UnpublishAsync(host.ApiId, default)).Refusal);

        var outcome = await host.Policies.QueryAsync(host.Aef, new AccessControlQuery { ApiId = host.ApiId }, default);
        Assert.Equal(ErrorKind.NotFound, outcome.Refusal?.Kind);
        var common = await host.Capif.Host.Grain<IAccessControlPolicyGrain>(host.ApiId).GetAsync(default);
        Assert.Null(common.Default);
        Assert.Empty(common.Shares);
    }

    [Fact]
    public async Task Policies_OutliveAKill()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        await host.SetAsync(invoker, Ten);

        await host.Capif.Host.KillAndRestartAsync();

        Assert.Equal(10, (await host.AskAsync(invoker)).Single().AllowedTotalInvocations);
        Assert.Null((await host.RemoveAsync(invoker)).Refusal);
        Assert.Null((await host.AskAsync(invoker)).Single().AllowedTotalInvocations);
    }

    [Fact]
    public async Task Aef_SeesTheServiceApisThatItExposes_AndNoOthers()
    {
        await using var host = await PolicyHost.StartAsync();
        await host.OnboardAsync();
        var (_, _, _, stranger) = await host.Capif.RegisterAsync();

        var outcome = await host.Policies.QueryAsync(stranger, new AccessControlQuery { ApiId = host.ApiId }, default);

        Assert.Equal("Wrong id", outcome.Refusal?.Cause);
        Assert.Equal(ErrorKind.NotFound, outcome.Refusal?.Kind);
    }

    [Fact]
    public async Task PolicyWithSlices_IsForThoseWhoKnowCapifExt1_29222_8_6_6()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        Assert.Null((await host.SetAsync(invoker, Ten with { NetSliceInfo = [new NetSliceId { Ensi = "e" }] })).Refusal);

        Assert.Empty(await host.AskAsync(invoker));
        Assert.Empty(await host.AskAsync(invoker, feature: 2));
        Assert.Equal("e", (await host.AskAsync(invoker, feature: 1)).Single().NetSliceInfo!.Value.Single().Ensi);
    }

    public static TheoryData<string, ApiInvokerPolicy> WrongPolicies => new()
    {
        { "allowedTotalInvocations", Ten with { AllowedTotalInvocations = -1 } },
        { "allowedInvocationsPerSecond", Ten with { AllowedInvocationsPerSecond = -1 } },
        { "netSliceInfo", Ten with { NetSliceInfo = [] } },
        { "allowedInvocationTimeRangeList", Ten with { AllowedInvocationTimeRangeList = [] } },
        { "allowedInvocationTimeRangeList[1]", Ten with { AllowedInvocationTimeRangeList = [Range(0, 1), new TimeRange { StartTime = Range(0, 1).StartTime }] } },
        { "allowedInvocationTimeRangeList[0].stopTime", Ten with { AllowedInvocationTimeRangeList = [Range(1, 1)] } },
    };

    [Theory]
    [MemberData(nameof(WrongPolicies))]
    public async Task WrongPolicy_IsNamed_AndNothingIsSet(string attribute, ApiInvokerPolicy policy)
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();

        var refusal = (await host.SetAsync(invoker, policy)).Refusal;

        Assert.Equal(attribute, refusal?.InvalidParams.Single().Param);
        Assert.Null((await host.AskAsync(invoker)).Single().AllowedTotalInvocations);
    }

    [Fact]
    public async Task WrongSubject_IsRefused()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        var elsewhere = new PolicySubject { ApiId = "nothing", ApiInvokerId = invoker };

        Assert.Equal(ErrorKind.NotFound, (await host.Policies.SetAsync(new PolicySetting { Subject = elsewhere, Policy = Ten }, default)).Refusal?.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Policies.RemoveAsync(elsewhere, default)).Refusal?.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Policies.ListAsync("nothing", null, default)).Refusal?.Kind);
        Assert.Equal("aefId", (await host.SetAsync(invoker, Ten, "no aef")).Refusal?.InvalidParams.Single().Param);
        Assert.Equal("apiInvokerId", (await host.SetAsync("nobody", Ten)).Refusal?.InvalidParams.Single().Param);
        Assert.Equal("apiInvokerId", (await host.SetAsync(null, Ten, host.Aef.Id)).Refusal?.InvalidParams.Single().Param);
        Assert.Equal("POLICY_NOT_FOUND", (await host.RemoveAsync(null)).Refusal?.Cause);
    }

    private static TimeRange Range(int start, int stop)
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new TimeRange { StartTime = WireDateTime.Of(time.AddHours(start)), StopTime = WireDateTime.Of(time.AddHours(stop)) };
    }
}
