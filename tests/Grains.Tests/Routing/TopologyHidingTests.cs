using System.Text.Json.Nodes;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.Publish;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Routing;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.Routing;

/// <summary>Topology hiding (23.222 8.13, 8.24; 29.222 5.3.2.2.2 step 2b): what is told to whom, by discovery, negotiation, routing and events.</summary>
public sealed class TopologyHidingTests : IAsyncLifetime
{
    private CapifHost _capif = null!;
    private CallerIdentity _apf = null!;
    private CallerIdentity _aef = null!;
    private CallerIdentity _gateway = null!;

    public async Task InitializeAsync()
    {
        _capif = await CapifHost.StartAsync();
        (_, _, _apf, _aef) = await _capif.RegisterAsync();
        (_, _, _, _gateway) = await _capif.RegisterAsync();
    }

    public async Task DisposeAsync() => await _capif.DisposeAsync();

    [Fact]
    public async Task Discovery_shows_the_hiding_AEF_and_the_publisher_its_own()
    {
        var published = await PublishAsync("api");
        await HideAsync();

        var shown = Descriptions.Read(Assert.Single(Descriptions.Found(await DiscoverAsync())));

        var profile = Assert.Single(shown.AefProfiles!.Value);
        Assert.Equal(
            (_gateway.Id, "gateway.test", SecurityMethod.Pki, "v1"),
            (profile.AefId, Assert.Single(profile.InterfaceDescriptions!.Value).Fqdn, Assert.Single(profile.SecurityMethods!.Value), profile.Versions[0].ApiVersion));
        Assert.DoesNotContain("192.0.2.1", Descriptions.JsonOf(shown), StringComparison.Ordinal);
        Assert.DoesNotContain(_aef.Id, Descriptions.JsonOf(shown), StringComparison.Ordinal);
        Assert.Empty(Descriptions.Found(await DiscoverAsync(aefId: _aef.Id)));
        Assert.Single(Descriptions.Found(await DiscoverAsync(aefId: _gateway.Id)));
        Assert.Equal(Descriptions.JsonOf(published), Descriptions.JsonOf((await Publisher.GetAsync(published.ApiId!, default)).Value!));
    }

    [Fact]
    public async Task What_is_published_later_and_what_is_read_after_a_restart_is_hidden_as_well()
    {
        await HideAsync();
        await PublishAsync("api");
        Assert.Contains(_gateway.Id, Assert.Single(Descriptions.Found(await DiscoverAsync())), StringComparison.Ordinal);

        await _capif.Host.KillAndRestartAsync();

        var found = Assert.Single(Descriptions.Found(await DiscoverAsync()));
        Assert.Contains(_gateway.Id, found, StringComparison.Ordinal);
        Assert.DoesNotContain(_aef.Id, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_twice_in_one_service_API_it_is_one_entry_point_and_its_status_is_the_entry_points()
    {
        var profile = CapifHost.Api("api", _aef.Id).AefProfiles!.Value[0];
        var elsewhere = new InterfaceDescription { Ipv4Addr = "192.0.2.2" };
        var api = CapifHost.Api("api", _aef.Id) with
        {
            SupportedFeatures = SupportedFeatures.Of(6),
            ApiStatus = new ApiStatus { AefIds = [_aef.Id] },
            AefProfiles = [profile, profile with { InterfaceDescriptions = [elsewhere], AefLocation = new AefLocation { DcId = "dc" } }],
        };
        var apiId = (await Publisher.PublishAsync(_apf, api, default)).Value!.ApiId!;
        await HideAsync();

        var shown = Descriptions.Read(Assert.Single(Descriptions.Found(await DiscoverAsync())));

        Assert.Single(shown.AefProfiles!.Value);
        Assert.Equal(_gateway.Id, Assert.Single(shown.ApiStatus!.AefIds));
        Assert.Equal(2, (await RoutingAsync(apiId, _gateway)).Value!.RoutingRules.Length);
    }

    [Fact]
    public async Task Security_is_negotiated_with_the_hiding_AEF_by_its_own_methods_and_it_alone_is_told()
    {
        await PublishAsync("api");
        await HideAsync();
        var (invokerId, _) = await _capif.OnboardAsync();
        var invoker = _capif.Host.Grain<IApiInvokerGrain>(invokerId);

        var hidden = await NegotiateAsync(invoker, new SecurityInformation { AefId = _aef.Id, PrefSecurityMethods = [SecurityMethod.Oauth] });
        Assert.Equal("securityInfo[0].aefId", Assert.Single(hidden.Refusal!.InvalidParams).Param);
        var address = new InterfaceDescription { Ipv4Addr = "192.0.2.1", Port = 443 };
        Assert.NotNull((await NegotiateAsync(invoker, new SecurityInformation { InterfaceDetails = address, PrefSecurityMethods = [SecurityMethod.Oauth] })).Refusal);

        var shown = await NegotiateAsync(invoker, new SecurityInformation { AefId = _gateway.Id, PrefSecurityMethods = [SecurityMethod.Oauth, SecurityMethod.Pki] });

        Assert.Equal(SecurityMethod.Pki, Assert.Single(shown.Value!.SecurityInfo).SelSecurityMethod);
        var gateways = await invoker.GetSecurityContextAsync(new SecurityContextQuery { AefId = _gateway.Id, AuthenticationInfo = true }, default);
        Assert.NotNull(Assert.Single(gateways.Value!.SecurityInfo).AuthenticationInfo);
        Assert.Equal(ErrorKind.NotFound, (await invoker.GetSecurityContextAsync(new SecurityContextQuery { AefId = _aef.Id }, default)).Refusal!.Kind);
    }

    [Fact]
    public async Task Tokens_are_for_the_hiding_AEF()
    {
        await PublishAsync("api");
        await HideAsync(rule => rule with { SecurityMethods = [SecurityMethod.Oauth] });
        var (invokerId, _) = await _capif.OnboardAsync();
        var invoker = _capif.Host.Grain<IApiInvokerGrain>(invokerId);
        Assert.Null((await NegotiateAsync(invoker, new SecurityInformation { AefId = _gateway.Id, PrefSecurityMethods = [SecurityMethod.Oauth] })).Refusal);

        Assert.Equal($"3gpp#{_gateway.Id}:api", (await TokenAsync($"3gpp#{_gateway.Id}:api")).Value!.Scope);
        Assert.Equal(ErrorKind.OAuthInvalidScope, (await TokenAsync($"3gpp#{_aef.Id}:api")).Refusal!.Kind);

        Task<Outcome<TokenGrant>> TokenAsync(string scope) => invoker.AuthorizeTokenAsync(
            new AccessTokenReq { GrantType = AccessTokenGrantType.ClientCredentials, ClientId = invokerId, Scope = scope }, default);
    }

    [Fact]
    public async Task The_hiding_AEF_and_nobody_else_gets_the_real_profiles_those_for_some_addresses_first()
    {
        var published = await PublishAsync("api");
        var other = (await _capif.RegisterAsync()).Aef;
        await HideAsync(rule => rule with { ApiId = published.ApiId });
        Assert.Null((await Hiding.SetHidingAsync(
            Rule() with { ApiId = published.ApiId, AefId = null, Ipv4AddrRanges = [new Ipv4AddressRange { Start = "10.0.0.0", End = "10.255.255.255" }] }, default)).Refusal);

        var routing = await RoutingAsync(published.ApiId!, _gateway);

        // The rule that names both the service API and the AEF goes before the one that names the service API only.
        var only = Assert.Single(routing.Value!.RoutingRules);
        Assert.Null(only.Ipv4AddrRanges);
        Assert.Equal(Json(published.AefProfiles!.Value[0]), Json(only.AefProfile));
        Assert.Null((await Hiding.RemoveHidingAsync(published.ApiId, _aef.Id, default)).Refusal);
        Assert.Equal("10.0.0.0", Assert.Single(Assert.Single((await RoutingAsync(published.ApiId!, _gateway)).Value!.RoutingRules).Ipv4AddrRanges!.Value).Start);
        foreach (var stranger in new[] { _aef, other })
            Assert.Equal(ErrorKind.NotFound, (await RoutingAsync(published.ApiId!, stranger)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await RoutingAsync("nothing", _gateway)).Refusal!.Kind);
    }

    [Fact]
    public async Task The_hiding_AEF_is_told_of_what_it_hides_and_hides_no_longer()
    {
        await SubscribeAsync(_gateway);
        await SubscribeAsync(_aef);
        var published = await PublishAsync("api");

        await HideAsync();
        Assert.Equal((_gateway.Id, "API_TOPOLOGY_HIDING_CREATED", published.ApiId, "192.0.2.1"), await NotifiedAsync());

        var moved = CapifHost.Api("api", _aef.Id);
        moved = moved with { AefProfiles = [moved.AefProfiles!.Value[0] with { InterfaceDescriptions = [new InterfaceDescription { Ipv4Addr = "192.0.2.9" }] }] };
        Assert.Null((await Publisher.UpdateAsync(published.ApiId!, moved, default)).Refusal);
        Assert.Equal((_gateway.Id, "API_TOPOLOGY_HIDING_CREATED", published.ApiId, "192.0.2.9"), await NotifiedAsync());

        Assert.Null((await Hiding.RemoveHidingAsync(null, _aef.Id, default)).Refusal);
        Assert.Equal((_gateway.Id, "API_TOPOLOGY_HIDING_REVOKED", published.ApiId, "192.0.2.9"), await NotifiedAsync());
        await HideAsync();
        Assert.Equal("API_TOPOLOGY_HIDING_CREATED", (await NotifiedAsync()).Event);
        Assert.Null((await Publisher.UnpublishAsync(published.ApiId!, default)).Refusal);
        Assert.Equal((_gateway.Id, "API_TOPOLOGY_HIDING_REVOKED", published.ApiId, "192.0.2.9"), await NotifiedAsync());
        Assert.True(_capif.Sender.IsEmpty);
    }

    [Fact]
    public async Task Events_of_service_APIs_tell_the_hiding_AEF_to_everybody()
    {
        await SubscribeAsync(_aef, CapifEvent.ServiceApiAvailable, CapifEvent.ServiceApiUpdate);
        await HideAsync();
        await PublishAsync("api");
        Assert.DoesNotContain("192.0.2.1", (await _capif.Sender.NextAsync()).Json, StringComparison.Ordinal);

        // Whoever knew where it is hears where it is now.
        Assert.Null((await Hiding.RemoveHidingAsync(null, _aef.Id, default)).Refusal);
        Assert.Contains("192.0.2.1", (await _capif.Sender.NextAsync()).Json, StringComparison.Ordinal);
        await HideAsync();
        var update = (await _capif.Sender.NextAsync()).Json;
        Assert.Contains("SERVICE_API_UPDATE", update, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", update, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_rule_is_refused_by_name_and_hides_nothing()
    {
        var published = await PublishAsync("api");
        (string Attribute, TopologyHidingRule Rule)[] wrong =
        [
            ("aefId", Rule() with { AefId = null }),
            ("hidingAefId", Rule() with { HidingAefId = _aef.Id }),
            ("hidingAefId", Rule() with { HidingAefId = "nobody" }),
            ("hidingAefId", Rule() with { HidingAefId = _apf.Id }),
            ("interfaceDescriptions", Rule() with { InterfaceDescriptions = null }),
            ("interfaceDescriptions", Rule() with { DomainName = "gateway.test" }),
            ("securityMethods", Rule() with { SecurityMethods = [] }),
            ("apiId", Rule() with { ApiId = "nothing" }),
            ("aefId", Rule() with { ApiId = published.ApiId, AefId = "another" }),
            ("ipv4AddrRanges", Rule() with { Ipv4AddrRanges = [new Ipv4AddressRange { Start = "10.0.0.2", End = "10.0.0.1" }] }),
            ("ipv6AddrRanges", Rule() with { Ipv6AddrRanges = [new Ipv6AddressRange { Start = "10.0.0.1", End = "::1" }] }),
        ];
        foreach (var (attribute, rule) in wrong)
            Assert.Equal(attribute, Assert.Single((await Hiding.SetHidingAsync(rule, default)).Refusal!.InvalidParams).Param);
        Assert.Equal(ErrorKind.NotFound, (await Hiding.RemoveHidingAsync(null, _aef.Id, default)).Refusal!.Kind);
        Assert.Empty(await Hiding.ListHidingsAsync(default));
        Assert.Contains("192.0.2.1", Assert.Single(Descriptions.Found(await DiscoverAsync())), StringComparison.Ordinal);

        await HideAsync();
        var (_, _, _, third) = await _capif.RegisterAsync();
        var behind = await Hiding.SetHidingAsync(Rule() with { AefId = _gateway.Id, HidingAefId = third.Id }, default);
        Assert.Equal("aefId", Assert.Single(behind.Refusal!.InvalidParams).Param);
        var before = await Hiding.SetHidingAsync(Rule() with { AefId = third.Id, HidingAefId = _aef.Id }, default);
        Assert.Equal("hidingAefId", Assert.Single(before.Refusal!.InvalidParams).Param);
    }

    [Fact]
    public async Task Two_service_APIs_of_one_name_do_not_stand_behind_one_AEF()
    {
        var (_, _, otherApf, otherAef) = await _capif.RegisterAsync();
        await PublishAsync("api");
        await _capif.Host.Grain<IServicePublisherGrain>(otherApf.Id).PublishAsync(otherApf, CapifHost.Api("api", otherAef.Id), default);
        await HideAsync();

        Assert.Equal("API_NAME_NOT_UNIQUE", (await Hiding.SetHidingAsync(Rule() with { AefId = otherAef.Id }, default)).Refusal!.Cause);
        // Nor does one come there by being published.
        Assert.Null((await Hiding.SetHidingAsync(Rule() with { AefId = "later" }, default)).Refusal);
        var again = await _capif.Host.Grain<IServicePublisherGrain>(otherApf.Id).PublishAsync(otherApf, CapifHost.Api("api", "later"), default);
        Assert.Equal(ErrorKind.AlreadyExists, again.Refusal!.Kind);
        Assert.Null((await Hiding.RemoveHidingAsync(null, _aef.Id, default)).Refusal);
        Assert.Null((await Hiding.SetHidingAsync(Rule() with { AefId = otherAef.Id }, default)).Refusal);
    }

    private IServicePublisherGrain Publisher => _capif.Host.Grain<IServicePublisherGrain>(_apf.Id);

    private ITopologyHidingGrain Hiding => _capif.Host.Grain<ITopologyHidingGrain>("catalog");

    private TopologyHidingRule Rule() => new()
    {
        AefId = _aef.Id,
        HidingAefId = _gateway.Id,
        InterfaceDescriptions = [new InterfaceDescription { Fqdn = "gateway.test", Port = 443 }],
        SecurityMethods = [SecurityMethod.Pki],
    };

    private async Task HideAsync(Func<TopologyHidingRule, TopologyHidingRule>? change = null)
    {
        var outcome = await Hiding.SetHidingAsync(change is null ? Rule() : change(Rule()), default);
        Assert.Null(outcome.Refusal);
    }

    private async Task<ServiceApiDescription> PublishAsync(string name)
    {
        var outcome = await Publisher.PublishAsync(_apf, CapifHost.Api(name, _aef.Id), default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    private Task<DiscoveryAnswer> DiscoverAsync(string? aefId = null) =>
        _capif.Host.Grains.GetGrain<IDiscoveryGrain>(0).DiscoverAsync(new DiscoveryQuery { ApiInvokerId = "invoker", AefId = aefId }, default);

    private Task<Outcome<RoutingInfo>> RoutingAsync(string apiId, CallerIdentity aef) =>
        _capif.Host.Grains.GetGrain<IDiscoveryGrain>(0).GetRoutingAsync(apiId, aef.Id, default);

    private static Task<Outcome<ServiceSecurity>> NegotiateAsync(IApiInvokerGrain invoker, SecurityInformation wanted) => invoker.CreateSecurityContextAsync(
        new ServiceSecurity { NotificationDestination = "https://invoker.test/", SecurityInfo = [wanted] }, default);

    private static string Json(AefProfile profile) => System.Text.Encoding.UTF8.GetString(CapifOrleans.Json.WireJson.SerializeToUtf8Bytes(profile));

    private async Task SubscribeAsync(CallerIdentity aef, params CapifEvent[] events)
    {
        var outcome = await _capif.Host.Grain<IEventSubscriberGrain>(aef.Id).SubscribeAsync(
            aef,
            new EventSubscription
            {
                Events = events.Length > 0 ? [.. events] : [CapifEvent.ApiTopologyHidingCreated, CapifEvent.ApiTopologyHidingRevoked],
                NotificationDestination = $"https://{aef.Id}.test/",
                SupportedFeatures = SupportedFeatures.Of(3, 4),
            },
            default);
        Assert.Null(outcome.Refusal);
    }

    /// <summary>The next notification: to whom, which event, of which service API, and where the hidden AEF is.</summary>
    private async Task<(string AefId, string Event, string? ApiId, string? Address)> NotifiedAsync()
    {
        var (destination, json) = await _capif.Sender.NextAsync();
        var notification = JsonNode.Parse(json)!;
        var hiding = notification["eventDetail"]!["apiTopoHide"]!;
        return (destination.Host[..^".test".Length], notification["events"]!.GetValue<string>(), hiding["apiId"]!.GetValue<string>(),
            hiding["routingRules"]![0]!["aefProfile"]!["interfaceDescriptions"]![0]!["ipv4Addr"]!.GetValue<string>());
    }
}
