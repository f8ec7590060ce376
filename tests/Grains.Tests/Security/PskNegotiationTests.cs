using System.Security.Cryptography;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Tests.InvokerManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>33.122 6.5.2.1 and A.1: method PSK from its selection to the end of its key.</summary>
public sealed class PskNegotiationTests
{
    private const string Id = "invoker-1";
    private static readonly SigningKey Key = new();

    [Fact]
    public async Task WithASession_PskIsSelected_AndTheAefGetsTheSameKey_WithItsRemainingTime()
    {
        await using var host = await StartAsync(SecurityMethod.Psk, SecurityMethod.Oauth);
        var session = NewSession();
        var answer = await NegotiateAsync(host, session);
        Assert.Equal(SecurityMethod.Psk, answer.SelSecurityMethod);
        var own = AefPskInformation.Parse(answer.AuthenticationInfo!);
        Assert.Equal(new AefPskInformation { PskIdentity = Id, ValidityTime = 600 }, own);

        host.Host.Time.Advance(TimeSpan.FromSeconds(100));
        var got = AefPskInformation.Parse((await AskAsync(host)).AuthenticationInfo!);
        Assert.Equal(500, got.ValidityTime);
        Assert.Equal(Derived(session), got.AefPsk);
        Assert.Null((await AskAsync(host, authenticationInfo: false)).AuthenticationInfo);
    }

    [Fact]
    public async Task WithoutASession_TheNextPreferenceIsTaken_OrNone()
    {
        await using var host = await StartAsync(SecurityMethod.Psk, SecurityMethod.Oauth);
        Assert.Equal(SecurityMethod.Oauth, (await NegotiateAsync(host, null)).SelSecurityMethod);
        await host.PublishAsync(SecurityMethod.Psk);
        Assert.Null((await NegotiateAsync(host, null)).SelSecurityMethod);
    }

    [Fact]
    public async Task AefThatDoesNotOfferPsk_GetsNoKey()
    {
        await using var host = await StartAsync(SecurityMethod.Oauth);
        var answer = await NegotiateAsync(host, NewSession());
        Assert.Equal(SecurityMethod.Oauth, answer.SelSecurityMethod);
        Assert.Null(answer.AuthenticationInfo);
        Assert.Null((await AskAsync(host)).AuthenticationInfo);
    }

    [Fact]
    public async Task Key_SurvivesAKill_AndEndsWithItsValidity()
    {
        await using var host = await StartAsync(SecurityMethod.Psk);
        var session = NewSession();
        await NegotiateAsync(host, session);
        await host.Host.KillAndRestartAsync();
        await host.PublishAsync(SecurityMethod.Psk);
        Assert.Equal(Derived(session), AefPskInformation.Parse((await AskAsync(host)).AuthenticationInfo!).AefPsk);
        host.Host.Time.Advance(TimeSpan.FromSeconds(600));
        Assert.Null((await AskAsync(host)).AuthenticationInfo);
    }

    [Fact]
    public async Task NewSession_NewKey()
    {
        await using var host = await StartAsync(SecurityMethod.Psk);
        await NegotiateAsync(host, NewSession());
        var second = NewSession();
        var outcome = await host.Invoker(Id).UpdateSecurityContextAsync(Context(), second, default);
        Assert.Null(outcome.Refusal);
        Assert.Equal(Derived(second), AefPskInformation.Parse((await AskAsync(host)).AuthenticationInfo!).AefPsk);
    }

    [Fact]
    public async Task Revocation_WipesTheKey()
    {
        await using var host = await StartAsync(SecurityMethod.Psk);
        await NegotiateAsync(host, NewSession());
        Assert.Null((await host.Invoker(Id).DeleteSecurityContextAsync(InvokerHost.AefId, default)).Refusal);
        var query = new SecurityContextQuery { AefId = InvokerHost.AefId, AuthenticationInfo = true };
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker(Id).GetSecurityContextAsync(query, default)).Refusal?.Kind);
        // A context without a session brings no old key back.
        await NegotiateAsync(host, null);
        Assert.Null((await AskAsync(host)).AuthenticationInfo);
    }

    private static async Task<InvokerHost> StartAsync(params SecurityMethod[] offered)
    {
        var host = await InvokerHost.StartAsync(new InvokerOptions { AefPskLifetime = TimeSpan.FromMinutes(10) });
        await host.OnboardedAsync(Id, Key);
        await host.PublishAsync(offered);
        return host;
    }

    private static CapifSession NewSession() => new()
    {
        SessionId = [.. RandomNumberGenerator.GetBytes(32)],
        MasterSecret = [.. RandomNumberGenerator.GetBytes(48)],
    };

    private static string Derived(CapifSession session) =>
        Convert.ToBase64String(AefPsk.Derive(session.MasterSecret.AsSpan(), session.SessionId.AsSpan(), InvokerHost.AefId));

    private static ServiceSecurity Context() => new()
    {
        SecurityInfo = [new SecurityInformation { AefId = InvokerHost.AefId, PrefSecurityMethods = [SecurityMethod.Psk, SecurityMethod.Oauth] }],
        NotificationDestination = "https://invoker.example/revocations",
    };

    private static async Task<SecurityInformation> NegotiateAsync(InvokerHost host, CapifSession? session)
    {
        var outcome = await host.Invoker(Id).CreateSecurityContextAsync(Context(), session, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.SecurityInfo[0];
    }

    private static async Task<SecurityInformation> AskAsync(InvokerHost host, bool authenticationInfo = true)
    {
        var query = new SecurityContextQuery { AefId = InvokerHost.AefId, AuthenticationInfo = authenticationInfo };
        var outcome = await host.Invoker(Id).GetSecurityContextAsync(query, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!.SecurityInfo[0];
    }
}
