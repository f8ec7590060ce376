using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Features 1 and 2 of CAPIF_API_Invoker_Management_API and CAPIF_Security_API (29.222 8.4.6, 8.5.6, 29.122 5.2.5).</summary>
public sealed class NotificationFeatureTests
{
    private const string Test = "\"subscription\":";

    [Fact]
    public async Task TestNotification_OfAnOnboarding_NamesItsResource_29222_8_4_6()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var onboarded = await host.Invoker("a").OnboardAsync(Asking(InvokerHost.Details(key) with { RequestTestNotification = true }, 1), default);
        Assert.True(onboarded.Value!.RequestTestNotification);
        var test = await ApprovalTests.NoticeAsync(host, Test);
        Assert.Equal("https://ccf.example/api-invoker-management/v1/onboardedInvokers/a", test["subscription"]!.GetValue<string>());
    }

    [Fact]
    public async Task TestNotification_OfWhatWaits_ComesAtOnce_AndNamesTheCollection()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var request = Asking(InvokerHost.Details(key) with { RequestTestNotification = true }, 1);
        Assert.Null((await host.Invoker("a").RequestOnboardingAsync(request, default)).Refusal);
        var test = await ApprovalTests.NoticeAsync(host, Test);
        Assert.Equal("https://ccf.example/api-invoker-management/v1/onboardedInvokers", test["subscription"]!.GetValue<string>());
    }

    [Fact]
    public async Task Websocket_IsGivenOnce_KeptByUpdates_AndNeedsBothFeatures_29122_5_2_5_4()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var wanted = InvokerHost.Details(key) with { WebsockNotifConfig = new WebsockNotifConfig { RequestWebsocketUri = true } };
        // Feature 2 needs feature 1 (29.122 table 5.4-1).
        var without = (await host.OnboardAsync("a", wanted with { SupportedFeatures = SupportedFeatures.Of(2, 3) })).Value!;
        Assert.Null(without.WebsockNotifConfig);
        Assert.False(without.SupportedFeatures!.Value.Has(2));
        var with = (await host.Invoker("a").UpdateAsync(wanted with { SupportedFeatures = SupportedFeatures.Of(1, 2, 3) }, default)).Value!;
        var uri = with.WebsockNotifConfig!.WebsocketUri!;
        Assert.StartsWith("/capif-notifications/v1/", uri, StringComparison.Ordinal);
        var channel = host.Host.Grain<CapifOrleans.Events.INotificationChannelGrain>(uri["/capif-notifications/v1/".Length..]);
        Assert.True(await channel.IsOwnerAsync("a", default));
        Assert.False(await channel.IsOwnerAsync("b", default));
        // A patch and a PUT that gives it back keep it; asking for a second one is refused.
        Assert.Equal(uri, (await host.Invoker("a").PatchAsync([.. "{}"u8], default)).Value!.WebsockNotifConfig!.WebsocketUri);
        Assert.Equal(uri, (await host.Invoker("a").UpdateAsync(with, default)).Value!.WebsockNotifConfig!.WebsocketUri);
        var second = await host.Invoker("a").UpdateAsync(wanted with { SupportedFeatures = SupportedFeatures.Of(1, 2, 3) }, default);
        Assert.Equal("websockNotifConfig.requestWebsocketUri", second.Refusal!.InvalidParams.Single().Param);
        // It ends with the invoker.
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        Assert.Null((await host.Invoker("a").OffboardAsync(default)).Refusal);
        host.Host.Time.Advance(TimeSpan.Zero);
        await completed;
        Assert.False(await channel.IsOwnerAsync("a", default));
    }

    [Fact]
    public async Task SecurityContext_HasTestNotificationAndWebsocket_29222_8_5_6()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        await host.PublishAsync(SecurityMethod.Oauth);
        var context = new ServiceSecurity
        {
            SecurityInfo = [new SecurityInformation { AefId = InvokerHost.AefId, PrefSecurityMethods = [SecurityMethod.Oauth] }],
            NotificationDestination = "https://invoker.example/revocations",
            RequestTestNotification = true,
            SupportedFeatures = SupportedFeatures.Of(1, 2),
        };
        var created = (await host.Invoker("a").CreateSecurityContextAsync(context, default)).Value!;
        Assert.True(created.SupportedFeatures!.Value.Has(1) && created.SupportedFeatures.Value.Has(2));
        var test = await ApprovalTests.NoticeAsync(host, Test);
        Assert.EndsWith("/capif-security/v1/trustedInvokers/a", test["subscription"]!.GetValue<string>(), StringComparison.Ordinal);

        var wanted = context with { RequestTestNotification = null, WebsockNotifConfig = new WebsockNotifConfig { RequestWebsocketUri = true } };
        var uri = (await host.Invoker("a").UpdateSecurityContextAsync(wanted, default)).Value!.WebsockNotifConfig!.WebsocketUri!;
        var channel = host.Host.Grain<CapifOrleans.Events.INotificationChannelGrain>(uri["/capif-notifications/v1/".Length..]);
        Assert.True(await channel.IsOwnerAsync("a", default));
        Assert.NotNull((await host.Invoker("a").UpdateSecurityContextAsync(wanted, default)).Refusal);
        // The AEF's question is not told of the invoker's own websocket.
        var asked = (await host.Invoker("a").GetSecurityContextAsync(new SecurityContextQuery { AefId = InvokerHost.AefId }, default)).Value!;
        Assert.Null(asked.WebsockNotifConfig);
        // Without it in a later negotiation it is gone.
        Assert.Null((await host.Invoker("a").UpdateSecurityContextAsync(context, default)).Value!.WebsockNotifConfig);
        Assert.False(await channel.IsOwnerAsync("a", default));
    }

    private static OnboardingRequest Asking(ApiInvokerEnrolmentDetails details, int feature) => new()
    {
        Details = details with { SupportedFeatures = SupportedFeatures.Of(feature) },
        EnrolmentUser = "operator",
        ApiRoot = "https://ccf.example",
    };
}
