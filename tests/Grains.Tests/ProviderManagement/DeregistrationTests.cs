using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Tests.Publish;
using CapifOrleans.ProviderManagement;
using static CapifOrleans.Grains.Tests.ProviderManagement.ProviderHost;

namespace CapifOrleans.Grains.Tests.ProviderManagement;

public sealed class DeregistrationTests
{
    [Fact]
    public async Task When_it_is_answered_certificates_are_refused_and_nothing_is_discoverable()
    {
        await using var host = await StartAsync();
        var registered = await WithApiAsync(host);

        var outcome = await host.Domain("domain").DeregisterAsync(Identity(registered, ApiProviderFuncRole.Amf), default);

        Assert.Null(outcome.Refusal);
        await AssertGoneAsync(host, registered);
    }

    [Fact]
    public async Task It_cannot_be_done_twice()
    {
        await using var host = await StartAsync();
        var registered = await host.RegisteredAsync("domain");
        var amf = Identity(registered, ApiProviderFuncRole.Amf);

        Assert.Null((await host.Domain("domain").DeregisterAsync(amf, default)).Refusal);

        Assert.Equal(ErrorKind.NotFound, (await host.Domain("domain").DeregisterAsync(amf, default)).Refusal!.Kind);
    }

    [Fact]
    public async Task Its_keys_and_names_are_free_again()
    {
        await using var host = await StartAsync();
        var details = Details();
        var registered = await host.RegisteredAsync("domain", details);
        var completed = host.Steps.Reach("Completed");

        await host.Domain("domain").DeregisterAsync(Identity(registered, ApiProviderFuncRole.Amf), default);
        host.Host.Time.Advance(TimeSpan.FromSeconds(1));
        await completed;

        await host.RegisteredAsync("another", details);
    }

    [Fact]
    public async Task Subscriptions_of_its_functions_are_removed()
    {
        await using var host = await StartAsync();
        var registered = await host.RegisteredAsync("domain");
        var aef = Identity(registered, ApiProviderFuncRole.Aef);
        var subscription = new EventSubscription { Events = [CapifEvent.ServiceApiUpdate], NotificationDestination = "http://127.0.0.1:1/" };
        Assert.Null((await host.Host.Grain<IEventSubscriberGrain>(aef.Id).SubscribeAsync(aef, subscription, default)).Refusal);
        var topic = host.Host.Grain<IEventTopicGrain>("SERVICE_API_UPDATE");
        Assert.True(await topic.HasSubscribersAsync(default));
        var completed = host.Steps.Reach("Completed");

        await host.Domain("domain").DeregisterAsync(Identity(registered, ApiProviderFuncRole.Amf), default);
        host.Host.Time.Advance(TimeSpan.FromSeconds(1));
        await completed;

        Assert.False(await topic.HasSubscribersAsync(default));
    }

    [Fact]
    public async Task An_apf_that_left_publishes_nothing_more()
    {
        await using var host = await StartAsync();
        var registered = await host.RegisteredAsync("domain");
        await host.Domain("domain").DeregisterAsync(Identity(registered, ApiProviderFuncRole.Amf), default);
        var apf = Identity(registered, ApiProviderFuncRole.Apf);

        var outcome = await host.Publisher(apf.Id).PublishAsync(apf, Descriptions.New("late", "aef"), default);

        Assert.Equal(ErrorKind.Unauthenticated, outcome.Refusal!.Kind);
    }

    [Theory]
    [InlineData("RegistrationRemoved")]
    [InlineData("CertificatesRevoked")]
    [InlineData("ServiceApisUnpublished")]
    [InlineData("ConnectionsClosed")]
    [InlineData("SubscriptionsRemoved")]
    [InlineData("KeysReleased")]
    public async Task A_kill_after_any_step_does_not_keep_it_from_its_end(string step)
    {
        await using var host = await StartAsync();
        var registered = await WithApiAsync(host);
        var stopped = host.Steps.StopAfter(step);
        _ = host.Domain("domain").DeregisterAsync(Identity(registered, ApiProviderFuncRole.Amf), default);
        // The later steps run in a timer, once the first are answered.
        var answered = step is not ("SubscriptionsRemoved" or "KeysReleased");
        if (!answered)
        {
            await host.Domain("domain").PatchAsync(Identity(registered, ApiProviderFuncRole.Amf), [.. "{}"u8], default);
            host.Host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await stopped;
        await host.Host.KillAndRestartAsync();
        var completed = host.Steps.Reach("Completed");
        host.Host.Time.Advance(TimeSpan.FromMinutes(2));
        await completed;

        await AssertGoneAsync(host, registered);
        await host.RegisteredAsync("another", registered with
        {
            ApiProvDomId = null,
            ApiProvFuncs = [.. registered.ApiProvFuncs!.Value.Select(one => one with { ApiProvFuncId = null })],
        });
    }

    private static async Task<ApiProviderEnrolmentDetails> WithApiAsync(ProviderHost host)
    {
        var registered = await host.RegisteredAsync("domain");
        var apf = Identity(registered, ApiProviderFuncRole.Apf);
        var aefId = Find(registered, ApiProviderFuncRole.Aef).ApiProvFuncId!;
        Assert.Null((await host.Publisher(apf.Id).PublishAsync(apf, Descriptions.New("api", aefId), default)).Refusal);
        Assert.NotNull((await DiscoverAsync(host)).Body);
        return registered;
    }

    private static async Task AssertGoneAsync(ProviderHost host, ApiProviderEnrolmentDetails registered)
    {
        Assert.Null((await DiscoverAsync(host)).Body);
        foreach (var function in registered.ApiProvFuncs!.Value)
        {
            Assert.Null(await host.IdentifyAsync(function));
            using var certificate = Certificate(function);
            Assert.True(await host.IsRevokedAsync(certificate));
        }
    }

    private static Task<DiscoveryAnswer> DiscoverAsync(ProviderHost host) =>
        host.Discovery.DiscoverAsync(new DiscoveryQuery { ApiInvokerId = "invoker" }, default);
}
