using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CapifOrleans.AccessControl;
using CapifOrleans.Events;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.AccessControl;

/// <summary>A core function with a provider and a published service API, and how its policies are asked for.</summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    public CapifHost Capif { get; private set; } = null!;

    public CallerIdentity Amf { get; private set; } = null!;

    public CallerIdentity Apf { get; private set; } = null!;

    public CallerIdentity Aef { get; private set; } = null!;

    public string ApiId { get; private set; } = "";

    public static async Task<PolicyHost> StartAsync(Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? configure = null)
    {
        var made = new PolicyHost { Capif = await CapifHost.StartAsync(configure: configure) };
        (_, made.Amf, made.Apf, made.Aef) = await made.Capif.RegisterAsync();
        made.ApiId = await made.PublishAsync("api");
        return made;
    }

    public ValueTask DisposeAsync() => Capif.DisposeAsync();

    public IAccessControlGrain Policies => Capif.Host.Grains.GetGrain<IAccessControlGrain>(0);

    public async Task<string> PublishAsync(string name) => (await Capif.Host.Grain<IServicePublisherGrain>(Apf.Id)
        .PublishAsync(Apf, CapifHost.Api(name, Aef.Id), default)).Value!.ApiId!;

    public async Task<string> OnboardAsync(bool withContext = true)
    {
        var (id, _) = await Capif.OnboardAsync();
        if (withContext)
            await NegotiateAsync(id);
        return id;
    }

    public async Task NegotiateAsync(string apiInvokerId) => Assert.Null((await Capif.Host.Grain<IApiInvokerGrain>(apiInvokerId).CreateSecurityContextAsync(
        new ServiceSecurity
        {
            NotificationDestination = "https://invoker.test/",
            SecurityInfo = [new SecurityInformation { AefId = Aef.Id, PrefSecurityMethods = [SecurityMethod.Oauth] }],
        },
        default)).Refusal);

    public Task<Outcome> SetAsync(string? apiInvokerId, ApiInvokerPolicy policy, string? aefId = null) => Policies.SetAsync(
        new PolicySetting { Subject = new PolicySubject { ApiId = ApiId, AefId = aefId, ApiInvokerId = apiInvokerId }, Policy = policy }, default);

    public Task<Outcome> RemoveAsync(string? apiInvokerId, string? aefId = null) =>
        Policies.RemoveAsync(new PolicySubject { ApiId = ApiId, AefId = aefId, ApiInvokerId = apiInvokerId }, default);

    public async Task<ImmutableArray<ApiInvokerPolicy>> AskAsync(string? apiInvokerId = null, string? apiId = null, int? feature = null)
    {
        var query = new AccessControlQuery
        {
            ApiId = apiId ?? ApiId,
            ApiInvokerId = apiInvokerId,
            SupportedFeatures = feature is { } bit ? SupportedFeatures.Of(bit) : null,
        };
        var outcome = await Policies.QueryAsync(Aef, query, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.ApiInvokerPolicies!.Value;
    }

    public Task<Outcome<CreatedSubscription>> SubscribeAsync(CallerIdentity aef, CapifEventFilter? filter = null) =>
        Capif.Host.Grain<IEventSubscriberGrain>(aef.Id).SubscribeAsync(
            aef,
            new EventSubscription
            {
                Events = [CapifEvent.AccessControlPolicyUpdate, CapifEvent.AccessControlPolicyUnavailable],
                EventFilters = filter is null ? null : [filter, filter],
                NotificationDestination = $"https://{aef.Id}.test/",
                SupportedFeatures = SupportedFeatures.Of(3),
            },
            default);

    /// <summary>The next notification: its event, apiId and the policies' JSON.</summary>
    public async Task<(string Host, string Event, string ApiId, JsonArray Policies)> NotifiedAsync()
    {
        var (destination, notification) = (default(Uri)!, default(JsonNode)!);
        do
        {
            (destination, var json) = await Capif.Sender.NextAsync();
            notification = JsonNode.Parse(json)!;
        }
        while (notification["events"] is null); // An API invoker's notice of its revocation.
        var list = notification["eventDetail"]!["accCtrlPolList"]!;
        return (destination.Host, notification["events"]!.GetValue<string>(), list["apiId"]!.GetValue<string>(), list["apiInvokerPolicies"]!.AsArray());
    }
}
