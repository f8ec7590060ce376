using System.Security.Cryptography;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>33.122 6.1, 29.222 5.5.2.2: onboarding and update.</summary>
public sealed class OnboardingTests
{
    [Fact]
    public async Task Onboarded_SurvivesAKill_AndIsIdentifiedByItsCertificateOnly()
    {
        await using var capif = await CapifHost.StartAsync();
        var (id, details) = await capif.OnboardAsync();
        await capif.Host.KillAndRestartAsync();
        var presented = CapifHost.Presented(details.OnboardingInformation.ApiInvokerCertificate!);
        var identity = await capif.Host.Grain<IApiInvokerGrain>(id).IdentifyAsync(presented, default);
        Assert.Equal(CallerRole.ApiInvoker, identity?.Role);
        Assert.Equal(id, identity?.Id);
        Assert.Null(await capif.Host.Grain<IApiInvokerGrain>(id).IdentifyAsync(presented with { Thumbprint = new string('0', 64) }, default));
    }

    [Fact]
    public async Task SameKey_IsRefused_AndNothingIsLeftOfTheSecond()
    {
        await using var capif = await CapifHost.StartAsync();
        var key = CapifHost.Csr();
        await capif.OnboardAsync(key);
        var second = capif.Host.Grain<IApiInvokerGrain>("second");
        var outcome = await second.OnboardAsync(CapifHost.Onboarding(key), default);
        Assert.Equal(ErrorKind.AlreadyExists, outcome.Refusal?.Kind);
        Assert.False(await second.IsOnboardedAsync(default));
        Assert.Null((await second.OnboardAsync(CapifHost.Onboarding(CapifHost.Csr()), default)).Refusal);
    }

    [Fact]
    public async Task KeyOfAnInterruptedOnboarding_IsFree()
    {
        await using var capif = await CapifHost.StartAsync();
        var key = CapifHost.Csr();
        Assert.True(Grains.Pki.SubjectPublicKey.TryParse(key, out var parsed, out _));
        // What a crash between the reservation and the end leaves behind: a reservation whose owner does not exist.
        await capif.Host.Grain<IPublicKeyReservationGrain>(parsed.Sha256Hex).ReserveAsync(new KeyOwner { Id = "crashed", IsApiInvoker = true }, default);
        await capif.OnboardAsync(key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public async Task NoKey_IsRefused_NamingIt(string key)
    {
        await using var capif = await CapifHost.StartAsync();
        var outcome = await capif.Host.Grain<IApiInvokerGrain>("x").OnboardAsync(CapifHost.Onboarding(key), default);
        Assert.Equal("onboardingInformation.apiInvokerPublicKey", Assert.Single(outcome.Refusal!.InvalidParams).Param);
    }

    [Fact]
    public async Task WeakKeys_AreRefused_StrongOnesTaken()
    {
        await using var capif = await CapifHost.StartAsync();
        foreach (var (bits, isTaken) in new[] { (1024, false), (2048, true) })
        {
            using var rsa = RSA.Create(bits);
            var outcome = await capif.Host.Grain<IApiInvokerGrain>($"rsa{bits}").OnboardAsync(CapifHost.Onboarding(rsa.ExportSubjectPublicKeyInfoPem()), default);
            Assert.Equal(isTaken, outcome.Refusal is null);
        }

        foreach (var (curve, isTaken) in new[] { (ECCurve.NamedCurves.nistP384, true), (ECCurve.NamedCurves.nistP521, false) })
        {
            using var key = ECDsa.Create(curve);
            var outcome = await capif.Host.Grain<IApiInvokerGrain>(curve.Oid.FriendlyName!).OnboardAsync(CapifHost.Onboarding(key.ExportSubjectPublicKeyInfoPem()), default);
            Assert.Equal(isTaken, outcome.Refusal is null);
        }
    }

    [Fact]
    public async Task Secret_IsGivenOnce_AndStoredNowhere()
    {
        await using var capif = await CapifHost.StartAsync();
        var (id, details) = await capif.OnboardAsync();
        var secret = details.OnboardingInformation.OnboardingSecret!;
        Assert.Equal(43, secret.Length);
        var updated = await capif.Host.Grain<IApiInvokerGrain>(id).UpdateAsync(
            details with { ApiInvokerInformation = "new", OnboardingInformation = details.OnboardingInformation with { OnboardingSecret = null } }, default);
        Assert.Equal("new", updated.Value?.ApiInvokerInformation);
        Assert.Null(updated.Value?.OnboardingInformation.OnboardingSecret);
        var wrong = await capif.Host.Grain<IApiInvokerGrain>(id).UpdateAsync(
            details with { OnboardingInformation = details.OnboardingInformation with { OnboardingSecret = "other" } }, default);
        Assert.Equal(ErrorKind.ModificationNotAllowed, wrong.Refusal?.Kind);
        await capif.Host.RestartAsync();
        foreach (var file in Directory.EnumerateFiles(capif.Host.Folder))
            Assert.DoesNotContain(secret, System.Text.Encoding.Latin1.GetString(await ReadAsync(file)), StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
