using CapifOrleans.Enrolment;
using CapifOrleans.Exposure;
using CapifOrleans.Security;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>What a resource owner decided survives the end of the process, and is carried out in the end (33.122 6.5.3.4).</summary>
public sealed class OwnerDurabilityTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task ConsentAndCode_SurviveAKill_AndTheCodeIsStillSingleUse()
    {
        await using var host = await OwnerHost.StartAsync(TimeProvider.System);
        var code = await host.AuthorizeAsync();
        await host.Capif.Host.KillAndRestartAsync();
        Assert.True(await host.HasConsentedAsync());
        Assert.Null((await host.RedeemAsync(code)).Refusal);
        await host.Capif.Host.KillAndRestartAsync();
        Assert.Equal(ErrorKind.OAuthInvalidGrant, (await host.RedeemAsync(code)).Refusal!.Kind);
    }

    [Fact]
    public async Task Code_ExpiresAfterAMinute()
    {
        await using var host = await OwnerHost.StartAsync(_time);
        var code = await host.AuthorizeAsync();
        var late = await host.AuthorizeAsync();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null((await host.RedeemAsync(code)).Refusal);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorKind.OAuthInvalidGrant, (await host.RedeemAsync(late)).Refusal!.Kind);
    }

    [Fact]
    public async Task Session_EndsAfterTenMinutes()
    {
        await using var host = await OwnerHost.StartAsync(_time);
        var session = (await host.Owner.SignInAsync(OwnerHost.Password, default)).Value!;
        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Null((await host.Owner.GetConsentsAsync(session.Ticket, default)).Refusal);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorKind.Unauthenticated, (await host.Owner.GetConsentsAsync(session.Ticket, default)).Refusal!.Kind);
    }

    [Fact]
    public async Task RevocationThatIsInterrupted_IsCarriedOutAfterTheRestart()
    {
        await using var host = await OwnerHost.StartAsync(TimeProvider.System);
        await host.AuthorizeAsync();
        var issuedAt = TimeProvider.System.GetUtcNow();
        var session = (await host.Owner.SignInAsync(OwnerHost.Password, default)).Value!;
        var consent = Assert.Single((await host.Owner.GetConsentsAsync(session.Ticket, default)).Value!.Consents);
        // The owner's own write is the last that succeeds: neither AEF nor invoker can be told.
        host.Storage.BreakAfter(1);
        Assert.Null((await host.Owner.RevokeAsync(session.Ticket, consent.ConsentId, default)).Refusal);
        Assert.False(await host.HasConsentedAsync());
        await host.Capif.Host.KillAndRestartAsync();
        host.Storage.Mend();
        Assert.False(await host.HasConsentedAsync());
        // The notice to the invoker is the last thing but the event, and is sent when it is written.
        var (destination, json) = await host.Capif.Sender.NextAsync();
        Assert.Equal("https://invoker.test/", destination.ToString());
        Assert.Contains(host.ApiId, json, StringComparison.Ordinal);
        Assert.True(await host.Capif.Host.Grain<IAefGrain>(host.AefId).IsRevokedAsync(
            new PresentedToken { ApiInvokerId = host.ApiInvokerId, ApiId = host.ApiId, Gpsi = OwnerHost.Gpsi, IssuedAt = issuedAt, TokenSha256 = "" }, default));
    }

    [Fact]
    public async Task FailedWrite_GivesNoConsent()
    {
        await using var host = await OwnerHost.StartAsync(TimeProvider.System);
        host.Storage.BreakAfter(0);
        await Assert.ThrowsAnyAsync<Exception>(host.AuthorizeAsync);
        host.Storage.Mend();
        Assert.False(await host.HasConsentedAsync());
    }

    [Fact]
    public async Task RemovedOwner_LeavesNothing_AndTheNameIsFree()
    {
        await using var host = await OwnerHost.StartAsync(TimeProvider.System);
        await host.AuthorizeAsync();
        Assert.Null((await host.Owner.RemoveAsync(default)).Refusal);
        Assert.False(await host.HasConsentedAsync());
        Assert.Empty(await host.Capif.Host.Grain<IResourceOwnerDirectoryGrain>("owners").ListAsync(default));
        Assert.Equal(ErrorKind.NotFound, (await host.Owner.RemoveAsync(default)).Refusal!.Kind);
        await host.Capif.Sender.NextAsync();
        Assert.Null((await host.Owner.CreateAsync(OwnerHost.Password, default)).Refusal);
        Assert.False(await host.HasConsentedAsync());
        Assert.Equal(ErrorKind.AlreadyExists, (await host.Owner.CreateAsync(OwnerHost.Password, default)).Refusal!.Kind);
    }

    [Theory]
    [InlineData("msisdn-441234567890", "short", "password")]
    [InlineData("nobody", "a long password", "gpsi")]
    public async Task WrongAccount_IsRefused_NamingTheAttribute(string gpsi, string password, string attribute)
    {
        await using var host = await OwnerHost.StartAsync(TimeProvider.System);
        await host.Owner.RemoveAsync(default);
        var outcome = await host.Capif.Host.Grain<IResourceOwnerGrain>(gpsi).CreateAsync(new EnrolmentPassword { Text = password }, default);
        Assert.Equal(attribute, Assert.Single(outcome.Refusal!.InvalidParams).Param);
    }
}
