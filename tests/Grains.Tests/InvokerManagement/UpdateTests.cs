using System.Text;
using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Update (29.222 5.5.2.5).</summary>
public sealed class UpdateTests
{
    [Fact]
    public async Task Update_ReplacesWhatMayChange_AndTellsWhoSubscribed()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var onboarded = await host.OnboardedAsync("a", key);
        await host.SubscribeAsync(CallerRole.Amf, "amf1", CapifEvent.ApiInvokerUpdated);
        // Sent back as it was answered, certificate and secret included: the same is no change.
        var outcome = await host.Invoker("a").UpdateAsync(onboarded with { NotificationDestination = "https://elsewhere.example/", ApiInvokerInformation = "new" }, default);
        Assert.Equal(("https://elsewhere.example/", "new"), (outcome.Value!.NotificationDestination, outcome.Value.ApiInvokerInformation));
        host.Host.Time.Advance(TimeSpan.Zero);
        await host.Sender.ReceivedAsync("amf1.example", "API_INVOKER_UPDATED");
    }

    [Fact]
    public async Task IdentifierKeyCertificateAndSecret_CannotBeChanged()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        using var otherKey = new SigningKey();
        var onboarded = await host.OnboardedAsync("a", key);
        var other = await host.OnboardedAsync("b", otherKey);
        var own = onboarded.OnboardingInformation;
        await RefusedAsync(onboarded with { ApiInvokerId = "b" }, "apiInvokerId");
        await RefusedAsync(onboarded with { OnboardingInformation = own with { ApiInvokerPublicKey = otherKey.Request } }, "onboardingInformation.apiInvokerPublicKey");
        await RefusedAsync(
            onboarded with { OnboardingInformation = own with { ApiInvokerCertificate = other.OnboardingInformation.ApiInvokerCertificate } },
            "onboardingInformation.apiInvokerCertificate");
        await RefusedAsync(onboarded with { OnboardingInformation = own with { OnboardingSecret = "another" } }, "onboardingInformation.onboardingSecret");

        async Task RefusedAsync(ApiInvokerEnrolmentDetails details, string attribute)
        {
            var outcome = await host.Invoker("a").UpdateAsync(details, default);
            Assert.Equal((ErrorKind.ModificationNotAllowed, attribute), (outcome.Refusal!.Kind, outcome.Refusal.InvalidParams.Single().Param));
        }
    }

    [Fact]
    public async Task Patch_NeedsItsFeature_29222_8_4_6()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        Assert.Null((await host.OnboardAsync("a", InvokerHost.Details(key) with { SupportedFeatures = SupportedFeatures.Of(2) })).Refusal);
        var outcome = await host.Invoker("a").PatchAsync([.. "{\"apiInvokerInformation\":\"new\"}"u8], default);
        Assert.Equal(ErrorKind.Forbidden, outcome.Refusal!.Kind);
    }

    [Theory]
    [InlineData("{\"apiInvokerId\":\"b\"}", ErrorKind.ModificationNotAllowed)]
    [InlineData("{\"supportedFeatures\":\"0\"}", ErrorKind.ModificationNotAllowed)]
    [InlineData("{\"notificationDestination\":null}", ErrorKind.InvalidRequest)]
    [InlineData("{\"onboardingInformation\":{\"onboardingSecret\":\"mine\"}}", ErrorKind.ModificationNotAllowed)]
    [InlineData("[]", ErrorKind.InvalidRequest)]
    [InlineData("{", ErrorKind.InvalidRequest)]
    public async Task Patch_OfWhatCannotBePatched_IsRefused_AndChangesNothing(string patch, ErrorKind kind)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        var before = (await host.Invoker("a").PatchAsync([.. "{}"u8], default)).Value!;
        Assert.Equal(kind, (await host.Invoker("a").PatchAsync([.. Encoding.UTF8.GetBytes(patch)], default)).Refusal!.Kind);
        Assert.Equal(before, (await host.Invoker("a").PatchAsync([.. "{}"u8], default)).Value);
    }

    [Fact]
    public async Task Unknown_IsNotFound()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker("a").UpdateAsync(InvokerHost.Details(key), default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker("a").PatchAsync([.. "{}"u8], default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker("a").OffboardAsync(default)).Refusal!.Kind);
        Assert.Equal(0, host.Rows("reminders", "api-invoker", "a"));
    }
}
