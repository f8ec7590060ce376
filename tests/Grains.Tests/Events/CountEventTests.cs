using System.Text.Json.Nodes;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Tests.AccessControl;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>SERVICE_API_ONBOARDED_BY_API_INVOKERS_COUNT, SERVICE_API_DISCOVERY_BY_API_INVOKERS_COUNT and immediate reports of the catalog.</summary>
public sealed class CountEventTests
{
    [Fact]
    public async Task Onboarded_AreThoseWithASecurityContext()
    {
        await using var host = await PolicyHost.StartAsync();
        await host.OnboardAsync();
        await host.OnboardAsync();
        await host.OnboardAsync(withContext: false);
        await SubscribeAsync(host, CapifEvent.ServiceApiOnboardedByApiInvokersCount);
        var count = Assert.Single((await NextAsync(host))["onboardedCount"]!.AsArray())!;
        Assert.Equal(host.ApiId, count["apiId"]!.GetValue<string>());
        Assert.Equal(2, count["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Discoveries_AreCounted_ByWhoAskedAndWhatWasFound()
    {
        await using var host = await PolicyHost.StartAsync();
        var grains = host.Capif.Host.Grains;
        var discovery = grains.GetGrain<IDiscoveryGrain>(0);
        await discovery.DiscoverAsync(new DiscoveryQuery { ApiInvokerId = "invoker" }, default);
        await discovery.DiscoverAsync(new DiscoveryQuery { ApiInvokerId = "invoker", ApiName = "api", ApiVersion = "v9" }, default);
        await discovery.DiscoverAsync(new DiscoveryQuery { ApiInvokerId = "invoker", ApiName = "another" }, default);
        var counts = grains.GetGrain<IDiscoveryCountsGrain>("discoveries");
        // Told within a second; until then the counts are the worker's own.
        DiscoveryTally tally;
        var patience = TimeProvider.System.GetTimestamp();
        do
        {
            await Task.Yield();
            tally = Assert.Single(await counts.GetAsync([host.ApiId], default));
        }
        while (tally.Requests < 2 && TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(30));
        Assert.Equal((2, 1), (tally.Requests, tally.Responses));

        await host.Capif.Host.RestartAsync();
        await SubscribeAsync(host, CapifEvent.ServiceApiDiscoveryByApiInvokersCount);
        var reported = Assert.Single((await NextAsync(host))["discoveryCount"]!.AsArray())!;
        Assert.Equal(host.ApiId, Assert.Single(reported["apiIds"]!.AsArray())!.GetValue<string>());
        Assert.Equal(2, Assert.Single(reported["discoveryReqCount"]!.AsArray())!.GetValue<int>());
        Assert.Equal(1, Assert.Single(reported["discoveryRspCount"]!.AsArray())!.GetValue<int>());
    }

    [Fact]
    public async Task ImmRep_TellsWhatIsAvailable()
    {
        await using var host = await PolicyHost.StartAsync();
        await host.PublishAsync("another");
        await SubscribeAsync(host, CapifEvent.ServiceApiAvailable);
        Assert.Equal(host.ApiId, Assert.Single((await NextAsync(host))["apiIds"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task Revocation_IsAcknowledgedByTheAefsAnswer()
    {
        await using var host = await PolicyHost.StartAsync();
        var aef = host.Capif.Host.Grain<CapifOrleans.Exposure.IAefGrain>(host.Aef.Id);
        var apiInvokerId = await host.OnboardAsync();
        Assert.Null((await host.Capif.Host.Grain<IEventSubscriberGrain>(host.Aef.Id).SubscribeAsync(
            host.Aef,
            new EventSubscription { Events = [CapifEvent.ApiInvokerAuthorizationRevoked], NotificationDestination = "https://aef.test/" },
            default)).Refusal);
        Assert.Null((await host.Capif.Host.Grain<CapifOrleans.InvokerManagement.IApiInvokerGrain>(apiInvokerId).RevokeAuthorizationAsync(
            host.Aef.Id,
            new SecurityNotification { ApiInvokerId = apiInvokerId, ApiIds = [host.ApiId], Cause = Cause.UnexpectedReason },
            default)).Refusal);
        while ((await host.Capif.Sender.NextAsync()).Destination.Host != "aef.test")
        {
            // The API invoker's own notice.
        }

        var patience = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(30)
            && Assert.Single(await aef.GetAuthorizationRevocationsAsync(apiInvokerId, default)).AcknowledgedAt is null)
        {
            await Task.Yield();
        }

        Assert.NotNull(Assert.Single(await aef.GetAuthorizationRevocationsAsync(apiInvokerId, default)).AcknowledgedAt);
    }

    private static async Task SubscribeAsync(PolicyHost host, CapifEvent capifEvent)
    {
        var outcome = await host.Capif.Host.Grain<IEventSubscriberGrain>(host.Amf.Id).SubscribeAsync(
            host.Amf,
            new EventSubscription
            {
                Events = [capifEvent],
                EventFilters = [new CapifEventFilter { ApiIds = [host.ApiId] }],
                EventReq = new ReportingInformation { ImmRep = true, RepPeriod = 3600 },
                NotificationDestination = "https://amf.test/",
                SupportedFeatures = SupportedFeatures.Of(3, 5),
            },
            default);
        Assert.Null(outcome.Refusal);
    }

    private static async Task<JsonNode> NextAsync(PolicyHost host) => JsonNode.Parse((await host.Capif.Sender.NextAsync()).Json)!["eventDetail"]!;
}
