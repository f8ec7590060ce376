using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.Publish;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Discover;

/// <summary>The discovery policy (33.122 6.3.1.2, 23.222 Annex E): what it decides, and that every discovery after a change follows it.</summary>
public sealed class DiscoveryPolicyTests
{
    private static readonly ServiceApiDescription Api = Descriptions.New("api", "aef") with { ApiId = "a", ServiceApiCategory = "c" };

    [Theory]
    [InlineData("", true)]
    [InlineData("-*", false)]
    [InlineData("-* +c", true)]
    [InlineData("-* +a", true)]
    [InlineData("-a", false)]
    [InlineData("-c", false)]
    [InlineData("-c +a", true)]
    [InlineData("+c -a", false)]
    [InlineData("-other", true)]
    [InlineData("-* +i", true)]
    [InlineData("-i", false)]
    [InlineData("-other:i", true)]
    [InlineData("-i +a:i", true)]
    [InlineData("-i +c:i", true)]
    [InlineData("-a +a:i", true)]
    [InlineData("+a -a:i", false)]
    [InlineData("-c +a:i", true)]
    // Neither is narrower in both: the API invoker is denied everything, the service API is allowed to everybody; both must allow.
    [InlineData("-i +a", false)]
    [InlineData("-a +i", false)]
    [InlineData("-a +c:i", false)]
    [InlineData("-c +a +i", true)]
    public void The_narrower_goes_before_the_wider_and_else_both_must_allow(string rules, bool isShown)
    {
        var policy = new DiscoveryPolicy(new DiscoveryRules { Restrictions = [.. rules.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)] });

        Assert.Equal(isShown, policy.Shows("i", Api));
        // What names an API invoker concerns nobody else.
        Assert.Equal(
            new DiscoveryPolicy(new DiscoveryRules
            {
                Restrictions = [.. rules.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read).Where(one => one.ApiInvokerId is null)],
            }).Shows("i", Api),
            policy.Shows("j", Api));
    }

    [Fact]
    public async Task A_discovery_after_a_change_follows_it_in_every_worker_and_after_a_restart()
    {
        await using var capif = await CapifHost.StartAsync();
        var (_, _, apf, aef) = await capif.RegisterAsync();
        var apiId = (await capif.Host.Grain<IServicePublisherGrain>(apf.Id).PublishAsync(apf, CapifHost.Api("api", aef.Id), default)).Value!.ApiId!;
        Assert.Equal((1, 1), (await CountAsync(capif, "i"), await CountAsync(capif, "j")));

        Assert.Null((await Policy(capif).SetRestrictionAsync(new DiscoveryRestriction { ApiId = apiId }, default)).Refusal);
        Assert.Equal((0, 0), (await CountAsync(capif, "i"), await CountAsync(capif, "j")));
        Assert.Null((await Policy(capif).SetRestrictionAsync(new DiscoveryRestriction { ApiId = apiId, ApiInvokerId = "i", IsAllowed = true }, default)).Refusal);
        Assert.Equal((1, 0), (await CountAsync(capif, "i"), await CountAsync(capif, "j")));

        await capif.Host.KillAndRestartAsync();
        Assert.Equal((1, 0), (await CountAsync(capif, "i"), await CountAsync(capif, "j")));
        await Policy(capif).ForgetInvokerAsync("i", default);
        Assert.Equal((0, 0), (await CountAsync(capif, "i"), await CountAsync(capif, "j")));
        Assert.Null((await Policy(capif).RemoveRestrictionAsync(new DiscoveryRestriction { ApiId = apiId }, default)).Refusal);
        Assert.Equal((1, 1), (await CountAsync(capif, "i"), await CountAsync(capif, "j")));
    }

    [Fact]
    public async Task What_names_nothing_is_refused_and_changes_nothing()
    {
        await using var capif = await CapifHost.StartAsync();
        var policy = Policy(capif);

        Assert.Equal(ErrorKind.NotFound, (await policy.SetRestrictionAsync(new DiscoveryRestriction { ApiId = "nothing" }, default)).Refusal!.Kind);
        Assert.Equal("apiCategory", Assert.Single(
            (await policy.SetRestrictionAsync(new DiscoveryRestriction { ApiId = "a", ApiCategory = "c" }, default)).Refusal!.InvalidParams).Param);
        Assert.NotNull((await policy.SetRestrictionAsync(new DiscoveryRestriction { ApiInvokerId = "" }, default)).Refusal);
        Assert.Equal(ErrorKind.NotFound, (await policy.RemoveRestrictionAsync(new DiscoveryRestriction { ApiInvokerId = "i" }, default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await policy.SetOpenAsync("nothing", true, default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await policy.SetOpenAsync("nothing", false, default)).Refusal!.Kind);
        Assert.Equal((0, 0), ((await policy.GetPolicyAsync(default)).Restrictions.Length, (await policy.GetPolicyAsync(default)).OpenApiIds.Length));
    }

    [Fact]
    public async Task Offboarding_takes_the_api_invokers_restrictions_along()
    {
        await using var capif = await CapifHost.StartAsync();
        var (invoker, _) = await capif.OnboardAsync();
        await Policy(capif).SetRestrictionAsync(new DiscoveryRestriction { ApiInvokerId = invoker }, default);
        await Policy(capif).SetRestrictionAsync(new DiscoveryRestriction { ApiInvokerId = "another", IsAllowed = true }, default);

        Assert.Null((await capif.Host.Grain<CapifOrleans.InvokerManagement.IApiInvokerGrain>(invoker).OffboardAsync(default)).Refusal);
        await capif.Steps.UntilAsync("SubscriptionsRemoved");

        Assert.Equal("another", Assert.Single((await Policy(capif).GetPolicyAsync(default)).Restrictions).ApiInvokerId);
    }

    [Fact]
    public async Task An_api_invoker_hears_of_no_service_api_that_it_may_not_find()
    {
        await using var capif = await CapifHost.StartAsync();
        var (_, _, apf, aef) = await capif.RegisterAsync();
        var (invoker, _) = await capif.OnboardAsync();
        var identity = new CallerIdentity { Role = CallerRole.ApiInvoker, Id = invoker };
        var subscribed = await capif.Host.Grain<IEventSubscriberGrain>(invoker).SubscribeAsync(
            identity,
            new EventSubscription
            {
                Events = [CapifEvent.ServiceApiAvailable],
                NotificationDestination = "https://invoker.test/",
                SupportedFeatures = SupportedFeatures.Of(3, 4),
            },
            default);
        Assert.Null(subscribed.Refusal);
        await Policy(capif).SetRestrictionAsync(new DiscoveryRestriction { ApiCategory = "secret" }, default);
        var publisher = capif.Host.Grain<IServicePublisherGrain>(apf.Id);

        await publisher.PublishAsync(apf, CapifHost.Api("hidden", aef.Id) with { ServiceApiCategory = "secret" }, default);
        await publisher.PublishAsync(apf, CapifHost.Api("shown", aef.Id), default);

        Assert.Contains("\"shown\"", (await capif.Sender.NextAsync()).Json, StringComparison.Ordinal);
        Assert.True(capif.Sender.IsEmpty);
    }

    private static IDiscoveryPolicyGrain Policy(CapifHost capif) => capif.Host.Grain<IDiscoveryPolicyGrain>("catalog");

    private static async Task<int> CountAsync(CapifHost capif, string apiInvokerId)
    {
        // More at a time than one worker takes: all of them must say the same.
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            capif.Host.Grains.GetGrain<IDiscoveryGrain>(0).DiscoverAsync(new DiscoveryQuery { ApiInvokerId = apiInvokerId }, default)));
        return Assert.Single(answers.Select(answer => Descriptions.Found(answer).Count).Distinct());
    }

    // "-a:i": service API a is denied to i; c is the category, * or an API invoker alone is everything.
    private static DiscoveryRestriction Read(string text)
    {
        var (what, whom) = text[1..].Split(':') is [var first, var second] ? (first, second) : text[1..] == "i" ? ("*", "i") : (text[1..], null);
        return new DiscoveryRestriction
        {
            ApiId = what is "*" or "c" ? null : what,
            ApiCategory = what == "c" ? "c" : null,
            ApiInvokerId = whom,
            IsAllowed = text[0] == '+',
        };
    }
}
