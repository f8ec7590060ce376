using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>An onboarding that ends half-way leaves nothing that could be used, and the key can be onboarded again.</summary>
public sealed class InterruptionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task KilledAfterSoManyWrites_TheKeyCanOnboardAgain(int writes)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        host.Storage.BreakAfter(writes);
        await StorageFault.EndsAsync(() => host.OnboardAsync("a", InvokerHost.Details(key)));
        Assert.True(host.Storage.Refused);
        await host.Host.KillAndRestartAsync();
        host.Storage.Mend();
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
        var pem = (await host.OnboardedAsync("b", key)).OnboardingInformation.ApiInvokerCertificate!;
        Assert.Equal("b", (await host.Invoker("b").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
        Assert.Equal("b", (await host.Reservation(key).GetOwnerAsync(default))!.Id);
    }

    [Fact]
    public async Task Onboarding_NeedsThreeWrites()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        host.Storage.BreakAfter(3);
        Assert.Null((await host.OnboardAsync("a", InvokerHost.Details(key))).Refusal);
        Assert.False(host.Storage.Refused);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task FailedWrite_IsNotRememberedAsDone(int writes)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        host.Storage.BreakAfter(writes);
        await StorageFault.EndsAsync(() => host.OnboardAsync("a", InvokerHost.Details(key)));
        host.Storage.Mend();
        // No restart: memory must not know of an onboarding that no disk holds.
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
        Assert.Null((await host.OnboardAsync("b", InvokerHost.Details(key))).Refusal);
    }

    [Fact]
    public async Task FailedUpdate_LeavesTheProfileAsItWas()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        host.Storage.BreakAfter(0);
        await StorageFault.EndsAsync(() => host.Invoker("a").UpdateAsync(InvokerHost.Details(key) with { ApiInvokerInformation = "lost" }, default));
        host.Storage.Mend();
        var patched = await host.Invoker("a").PatchAsync([.. "{}"u8], default);
        Assert.Null(patched.Value!.ApiInvokerInformation);
    }

    [Fact]
    public async Task FailedOffboarding_IsFinishedByTheReminder()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var pem = (await host.OnboardedAsync("a", key)).OnboardingInformation.ApiInvokerCertificate!;
        // The enrolment is cancelled; the revocation cannot be written.
        host.Storage.BreakAfter(1);
        await StorageFault.EndsAsync(() => host.Invoker("a").OffboardAsync(default));
        Assert.Null(await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default));
        host.Storage.Mend();
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        host.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await completed;
        Assert.True(await host.IsRevokedAsync(InvokerHost.Presented(pem).SerialNumber));
        Assert.Null(await host.Invoker("a").GetOffboardingAsync(default));
    }
}
