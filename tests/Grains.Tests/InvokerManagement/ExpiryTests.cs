using System.Text;
using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Feature ExpirationTime (29.222 8.4.4.2.2, 8.4.6): at expTime the invoker is offboarded as 33.122 6.8 describes.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1)]
    // Further away than one reminder waits.
    [InlineData(24 * 100)]
    public async Task AtItsExpTime_TheInvokerIsOffboarded_33122_6_8(int hours)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.SubscribeAsync(CallerRole.Aef, InvokerHost.AefId, CapifEvent.ApiInvokerOffboarded);
        var onboarded = await ExpiringAsync(host, key, hours * Hour);
        Assert.Equal(host.Host.Time.GetUtcNow() + hours * Hour, onboarded.ExpTime!.Value.Instant);
        var certificate = InvokerHost.Presented(onboarded.OnboardingInformation.ApiInvokerCertificate!);
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        // Months go by a day at a time: each reminder between looks again.
        for (var passed = 0; passed < hours - 1; passed += 24)
            host.Host.Time.Advance(TimeSpan.FromHours(Math.Min(24, hours - 1 - passed)));
        Assert.NotNull(await host.Invoker("a").IdentifyAsync(certificate, default));

        host.Host.Time.Advance(Hour);
        Assert.Null(await host.Invoker("a").IdentifyAsync(certificate, default));
        host.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await completed;
        Assert.True(await host.IsRevokedAsync(certificate.SerialNumber));
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
        host.Host.Time.Advance(TimeSpan.Zero);
        await host.Sender.ReceivedAsync(InvokerHost.AefId + ".example", "API_INVOKER_OFFBOARDED");
        Assert.Null((await host.OnboardAsync("b", InvokerHost.Details(key))).Refusal);
    }

    [Fact]
    public async Task ItsTimePassesWhileTheCoreFunctionIsDown_ItIsOffboardedAtTheNextStart()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var certificate = InvokerHost.Presented((await ExpiringAsync(host, key, Hour)).OnboardingInformation.ApiInvokerCertificate!);
        await host.Host.KillAndRestartAsync();
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        host.Host.Time.Advance(Hour);
        Assert.Null(await host.Invoker("a").IdentifyAsync(certificate, default));
        host.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await completed;
        Assert.True(await host.IsRevokedAsync(certificate.SerialNumber));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("later", 3)]
    public async Task Patch_TakesTheExpiryAway_OrPutsItOff_29222_8_4_4_2_12(string change, int? hours)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var certificate = InvokerHost.Presented((await ExpiringAsync(host, key, Hour)).OnboardingInformation.ApiInvokerCertificate!);
        var value = change == "null" ? "null" : $"\"{WireDateTime.Of(host.Host.Time.GetUtcNow() + hours!.Value * Hour).Text}\"";
        var patched = await host.Invoker("a").PatchAsync([.. Encoding.UTF8.GetBytes($"{{\"expTime\":{value}}}")], default);
        Assert.Equal(hours is not null, patched.Value!.ExpTime is not null);
        host.Host.Time.Advance(2 * Hour);
        Assert.NotNull(await host.Invoker("a").IdentifyAsync(certificate, default));
        Assert.True(await host.Invoker("a").IsOnboardedAsync(default));
    }

    [Fact]
    public async Task WithoutTheFeature_NothingExpires_AndNothingSaysSo_29222_8_4_6()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var expTime = WireDateTime.Of(host.Host.Time.GetUtcNow() + Hour);
        var onboarded = (await host.OnboardAsync("a", InvokerHost.Details(key) with { ExpTime = expTime })).Value!;
        Assert.Null(onboarded.ExpTime);
        Assert.Equal(0, host.Rows("reminders", "api-invoker", "a"));
        var patch = await host.Invoker("a").PatchAsync([.. Encoding.UTF8.GetBytes($"{{\"expTime\":\"{expTime.Text}\"}}")], default);
        Assert.Equal((ErrorKind.ModificationNotAllowed, "expTime"), (patch.Refusal!.Kind, patch.Refusal.InvalidParams.Single().Param));
    }

    [Fact]
    public async Task ExpTimeThatHasPassed_IsRefused_AndChangesNothing()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var past = Expiring(host, key, TimeSpan.Zero);
        var refused = await host.OnboardAsync("a", past);
        Assert.Equal((ErrorKind.InvalidRequest, "expTime"), (refused.Refusal!.Kind, refused.Refusal.InvalidParams.Single().Param));
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));

        await ExpiringAsync(host, key, Hour);
        Assert.Equal(ErrorKind.InvalidRequest, (await host.Invoker("a").UpdateAsync(past, default)).Refusal!.Kind);
        Assert.NotNull((await host.Invoker("a").PatchAsync([.. "{}"u8], default)).Value!.ExpTime);
    }

    [Fact]
    public async Task OffboardedBeforeItsTime_NoReminderIsLeft()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await ExpiringAsync(host, key, Hour);
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        Assert.Null((await host.Invoker("a").OffboardAsync(default)).Refusal);
        host.Host.Time.Advance(TimeSpan.Zero);
        await completed;
        // Waits for the turn that completes it.
        await host.Invoker("a").GetOffboardingAsync(default);
        Assert.Equal(0, host.Rows("reminders", "api-invoker", "a"));
    }

    private static ApiInvokerEnrolmentDetails Expiring(InvokerHost host, SigningKey key, TimeSpan after) => InvokerHost.Details(key) with
    {
        SupportedFeatures = SupportedFeatures.Of(3, 4),
        ExpTime = WireDateTime.Of(host.Host.Time.GetUtcNow() + after),
    };

    private static async Task<ApiInvokerEnrolmentDetails> ExpiringAsync(InvokerHost host, SigningKey key, TimeSpan after)
    {
        var outcome = await host.OnboardAsync("a", Expiring(host, key, after));
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }
}
