using CapifOrleans.AccessControl;
using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.AccessControl;

/// <summary>ACCESS_CONTROL_POLICY_UPDATE and _UNAVAILABLE, by which AEFs keep in step (29.222 5.10.3, 8.3.4.3.3).</summary>
public sealed class PolicyEventTests
{
    private const string Update = "ACCESS_CONTROL_POLICY_UPDATE";
    private const string Unavailable = "ACCESS_CONTROL_POLICY_UNAVAILABLE";
    private static readonly ApiInvokerPolicy Ten = new() { ApiInvokerId = "", AllowedTotalInvocations = 10 };

    [Fact]
    public async Task WholeLife_IsTold_WithThePolicyThatHolds()
    {
        await using var host = await PolicyHost.StartAsync();
        Assert.Null((await host.SubscribeAsync(host.Aef)).Refusal);

        var invoker = await host.OnboardAsync();
        await ExpectAsync(host, Update, $$"""[{"apiInvokerId":"{{invoker}}"}]""");
        await host.SetAsync(invoker, Ten);
        await ExpectAsync(host, Update, $$"""[{"apiInvokerId":"{{invoker}}","allowedTotalInvocations":10}]""");
        await host.RemoveAsync(invoker);
        await ExpectAsync(host, Update, $$"""[{"apiInvokerId":"{{invoker}}"}]""");
        await host.Capif.Host.Grain<IApiInvokerGrain>(invoker).OffboardAsync(default);
        await ExpectAsync(host, Unavailable, $$"""[{"apiInvokerId":"{{invoker}}"}]""");
        Assert.True(host.Capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task WhatDoesNotChangeWhatHolds_IsNotTold()
    {
        await using var host = await PolicyHost.StartAsync();
        var invoker = await host.OnboardAsync();
        await host.SetAsync(invoker, Ten, host.Aef.Id);
        await host.SubscribeAsync(host.Aef);

        await host.SetAsync(invoker, Ten, host.Aef.Id);
        await host.SetAsync(invoker, Ten with { AllowedTotalInvocations = 99 });
        await host.NegotiateAsync(invoker);
        await host.SetAsync(invoker, Ten with { AllowedTotalInvocations = 11 }, host.Aef.Id);

        await ExpectAsync(host, Update, $$"""[{"apiInvokerId":"{{invoker}}","allowedTotalInvocations":11}]""");
    }

    [Fact]
    public async Task Unpublishing_AndRevocation_MakeThePoliciesUnavailable()
    {
        await using var host = await PolicyHost.StartAsync();
        var revoked = await host.OnboardAsync();
        var other = await host.OnboardAsync();
        await host.SubscribeAsync(host.Aef);

        await host.Capif.Host.Grain<IApiInvokerGrain>(revoked).DeleteSecurityContextAsync(host.Aef.Id, default);
        await ExpectAsync(host, Unavailable, $$"""[{"apiInvokerId":"{{revoked}}"}]""");
        await host.Capif.Host.Grain<IServicePublisherGrain>(host.Apf.Id).UnpublishAsync(host.ApiId, default);
        await ExpectAsync(host, Unavailable, $$"""[{"apiInvokerId":"{{other}}"}]""");
    }

    [Fact]
    public async Task OtherAefs_HearNothing_AndFiltersHold()
    {
        await using var host = await PolicyHost.StartAsync();
        var (_, _, _, stranger) = await host.Capif.RegisterAsync();
        var wanted = await host.OnboardAsync(withContext: false);
        await host.SubscribeAsync(stranger);
        await host.SubscribeAsync(host.Aef, new CapifEventFilter { ApiInvokerIds = [wanted], ApiIds = [host.ApiId] });

        await host.OnboardAsync();
        await host.PublishAsync("another");
        await host.NegotiateAsync(wanted);

        var (destination, _, apiId, policies) = await host.NotifiedAsync();
        Assert.Equal($"{host.Aef.Id}.test", destination);
        Assert.Equal(host.ApiId, apiId);
        Assert.Equal(wanted, policies.Single()!["apiInvokerId"]!.GetValue<string>());
        Assert.True(host.Capif.Sender.IsEmpty);
    }

    private static async Task ExpectAsync(PolicyHost host, string capifEvent, string policies)
    {
        var notified = await host.NotifiedAsync();
        Assert.Equal((capifEvent, host.ApiId, policies), (notified.Event, notified.ApiId, notified.Policies.ToJsonString()));
    }
}
