using CapifOrleans.Compatibility;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Another key by an update, where the compatibility profile allows it: all of it or nothing, whatever fails.</summary>
public sealed class RekeyTests
{
    // The serial number, the reservation, and the write that commits; the revocation and the end of the intent come after.
    private const int WritesUntilCommit = 3;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task InterruptedBeforeTheCommit_TheOldCertificateIsGood_AndTheNewKeyFree(int writes)
    {
        await using var host = await StartAsync();
        using var key = new SigningKey();
        using var other = new SigningKey();
        var pem = (await host.OnboardedAsync("a", key)).OnboardingInformation.ApiInvokerCertificate!;
        host.Storage.BreakAfter(writes);
        await Assert.ThrowsAsync<IOException>(() => host.Invoker("a").UpdateAsync(InvokerHost.Details(other), default));

        await host.Host.KillAndRestartAsync();
        host.Storage.Mend();

        Assert.Equal("a", (await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
        Assert.False(await host.IsRevokedAsync(InvokerHost.Presented(pem).SerialNumber));
        // Its activation took the intent back.
        Assert.Null(await host.Reservation(other).GetOwnerAsync(default));
        Assert.Null((await host.OnboardAsync("b", InvokerHost.Details(other))).Refusal);
    }

    [Fact]
    public async Task InterruptedAfterTheCommit_TheNewCertificateIsGood_AndTheOldIsRevokedByTheReminder()
    {
        await using var host = await StartAsync();
        using var key = new SigningKey();
        using var other = new SigningKey();
        var old = InvokerHost.Presented((await host.OnboardedAsync("a", key)).OnboardingInformation.ApiInvokerCertificate!);
        host.Storage.BreakAfter(WritesUntilCommit);

        var updated = await host.Invoker("a").UpdateAsync(InvokerHost.Details(other), default);

        Assert.True(host.Storage.Refused);
        var pem = updated.Value!.OnboardingInformation.ApiInvokerCertificate!;
        Assert.False(await host.IsRevokedAsync(old.SerialNumber));
        await host.Host.KillAndRestartAsync();
        host.Storage.Mend();
        Assert.Equal("a", (await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
        Assert.Null(await host.Invoker("a").IdentifyAsync(old, default));
        Assert.True(await host.IsRevokedAsync(old.SerialNumber));
        Assert.Null(await host.Reservation(key).GetOwnerAsync(default));
    }

    [Fact]
    public async Task AnothersKey_IsRefused_AndNothingChanges()
    {
        await using var host = await StartAsync();
        using var key = new SigningKey();
        using var other = new SigningKey();
        var pem = (await host.OnboardedAsync("a", key)).OnboardingInformation.ApiInvokerCertificate!;
        await host.OnboardedAsync("b", other);

        var outcome = await host.Invoker("a").UpdateAsync(InvokerHost.Details(other), default);

        Assert.Equal((ErrorKind.AlreadyExists, "Identical invoker public key"), (outcome.Refusal!.Kind, outcome.Refusal.Cause));
        Assert.Equal("b", (await host.Reservation(other).GetOwnerAsync(default))!.Id);
        Assert.NotNull(await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default));
    }

    private static Task<InvokerHost> StartAsync() => InvokerHost.StartAsync(profile: CompatibilityProfile.OpenCapif);
}
