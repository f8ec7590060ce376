using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.InvokerManagement;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>A grain host with a resource owner and an API invoker that negotiated RNAA, and a storage that a test can break.</summary>
internal sealed class OwnerHost : IAsyncDisposable
{
    public const string Gpsi = "msisdn-441234567890";
    public static readonly EnrolmentPassword Password = new() { Text = "a long password" };

    private OwnerHost() { }

    public CapifHost Capif { get; private set; } = null!;

    public BreakableStorage Storage { get; } = new();

    public string ApiInvokerId { get; private set; } = "";

    public string AefId { get; private set; } = "";

    public string ApiId { get; private set; } = "";

    public IResourceOwnerGrain Owner => Capif.Host.Grain<IResourceOwnerGrain>(Gpsi);

    public IApiInvokerGrain Invoker => Capif.Host.Grain<IApiInvokerGrain>(ApiInvokerId);

    /// <summary>A resource owner, and an API invoker that may ask them, by this clock.</summary>
    public static async Task<OwnerHost> StartAsync(TimeProvider time)
    {
        var host = new OwnerHost();
        await host.PrepareAsync(time);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Storage.Mend();
        await Capif.DisposeAsync();
    }

    private async Task PrepareAsync(TimeProvider time)
    {
        Capif = await CapifHost.StartAsync(time, services => services
            .AddEnrolmentGrains(new EnrolmentOptions { PasswordIterations = 1_000 })
            .AddSingleton<GrainStateSerializer>()
            .AddSingleton<IGrainStorageSerializer>(provider => Storage.Over(provider.GetRequiredService<GrainStateSerializer>())));
        var (_, _, apf, aef) = await Capif.RegisterAsync();
        AefId = aef.Id;
        var api = CapifHost.Api("things", aef.Id);
        api = api with
        {
            SupportedFeatures = SupportedFeatures.Of(8),
            AefProfiles = [api.AefProfiles!.Value[0] with { GrantTypes = [OAuthGrantType.AuthorizationCode, OAuthGrantType.ClientCredentials] }],
        };
        var published = await Capif.Host.Grain<IServicePublisherGrain>(apf.Id).PublishAsync(apf, api, default);
        Assert.Null(published.Refusal);
        ApiId = published.Value!.ApiId!;
        (ApiInvokerId, _) = await Capif.OnboardAsync();
        var negotiated = await Invoker.CreateSecurityContextAsync(
            new ServiceSecurity
            {
                SecurityInfo =
                [
                    new SecurityInformation
                    {
                        AefId = AefId,
                        PrefSecurityMethods = [SecurityMethod.Oauth],
                        GrantType = [OAuthGrantType.AuthorizationCode, OAuthGrantType.ClientCredentials],
                    },
                ],
                NotificationDestination = "https://invoker.test/",
                SupportedFeatures = SupportedFeatures.Of(4),
            },
            default);
        Assert.Null(negotiated.Refusal);
        Assert.Null((await Owner.CreateAsync(Password, default)).Refusal);
    }

    public async Task<string> AuthorizeAsync()
    {
        var outcome = await Owner.AuthorizeAsync(
            Password, new AuthorizationRequest { ApiInvokerId = ApiInvokerId, RedirectUri = "https://invoker.test/callback" }, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.Code;
    }

    public Task<Outcome<AccessTokenRsp>> RedeemAsync(string code) => Capif.Host.Grains.GetGrain<IAccessTokenGrain>(0).IssueAsync(
        ApiInvokerId,
        new AccessTokenReq
        {
            GrantType = AccessTokenGrantType.AuthorizationCode,
            ClientId = ApiInvokerId,
            AuthCode = code,
            RedirectUri = "https://invoker.test/callback",
        },
        default);

    public Task<bool> HasConsentedAsync() =>
        Owner.HasConsentedAsync(ApiInvokerId, [new ConsentedApi { AefId = AefId, ApiId = ApiId, ApiName = "things" }], default);
}
