using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Onboarding (33.122 6.1, 29.222 5.5.2.2).</summary>
public sealed class OnboardingRulesTests
{
    private const string KeyAttribute = "onboardingInformation.apiInvokerPublicKey";
    private const string CertificateAttribute = "onboardingInformation.apiInvokerCertificate";

    [Fact]
    public async Task Onboarded_HasACertificateForItsKey_AndIsIdentifiedByIt()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var onboarded = await host.OnboardedAsync("a", key);
        Assert.Equal("a", onboarded.ApiInvokerId);
        var pem = onboarded.OnboardingInformation.ApiInvokerCertificate!;
        using var certificate = X509Certificate2.CreateFromPem(pem);
        Assert.Equal("a", certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        Assert.Equal(key.Key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        // Feature 2, which is not built, is not negotiated.
        Assert.Equal("4", onboarded.SupportedFeatures!.Value.Text);

        var identity = await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default);
        Assert.Equal((CallerRole.ApiInvoker, "a"), (identity!.Role, identity.Id));
        var other = InvokerHost.Presented(pem) with { Thumbprint = new string('0', 64) };
        Assert.Null(await host.Invoker("a").IdentifyAsync(other, default));
        await host.Host.KillAndRestartAsync();
        Assert.NotNull(await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default));
    }

    [Fact]
    public async Task Secret_IsAnsweredOnce_AndOnlyItsHashIsStored()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var secret = (await host.OnboardedAsync("a", key)).OnboardingInformation.OnboardingSecret!;
        Assert.True(secret.Length >= 43);
        var updated = await host.Invoker("a").UpdateAsync(InvokerHost.Details(key), default);
        Assert.Null(updated.Value!.OnboardingInformation.OnboardingSecret);
        await host.Host.RestartAsync();
        var files = Directory.EnumerateFiles(host.Host.Folder).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return reader.ReadToEnd();
        }).ToList();
        Assert.Contains(files, text => text.Contains("operator", StringComparison.Ordinal));
        Assert.DoesNotContain(files, text => text.Contains(secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SecurityMethod.Oauth, true)]
    [InlineData(SecurityMethod.Pki, false)]
    public async Task Secret_IsMadeWhereAnAllowedApiUsesOAuth(SecurityMethod method, bool expected)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.PublishAsync(method);
        var outcome = await host.OnboardAsync("a", InvokerHost.Details(key) with { ApiList = InvokerHost.WantingThePublished() });
        Assert.Equal(expected, outcome.Value!.OnboardingInformation.OnboardingSecret is not null);
        Assert.Equal(InvokerHost.AefId, outcome.Value.ApiList!.ServiceApiDescriptions!.Value.Single().AefProfiles!.Value.Single().AefId);
    }

    [Fact]
    public async Task UnknownApi_IsNotInTheAllowedList()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var outcome = await host.OnboardAsync("a", InvokerHost.Details(key) with { ApiList = InvokerHost.Wanting("unknown") });
        Assert.Null(outcome.Refusal);
        Assert.Null(outcome.Value!.ApiList);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public async Task UnreadableKey_IsRefused_AndNothingIsWritten(string text)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var details = InvokerHost.Details(key);
        Refused(await host.OnboardAsync("a", details with { OnboardingInformation = new OnboardingInformation { ApiInvokerPublicKey = text } }),
            ErrorKind.InvalidRequest, KeyAttribute);
        Assert.Equal(0, host.Rows("state", "api-invoker", "a"));
    }

    [Fact]
    public async Task IdentifierGivenByTheInvoker_IsRefused_29222_8_4_4_2_2()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        Refused(await host.OnboardAsync("a", InvokerHost.Details(key) with { ApiInvokerId = "a" }), ErrorKind.InvalidRequest, "apiInvokerId");
        Assert.Null(await host.Reservation(key).GetOwnerAsync(default));
    }

    [Fact]
    public async Task SameKeyAgain_IsRefused_LeavesNothing_AndTheFirstGoesOn()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var pem = (await host.OnboardedAsync("a", key)).OnboardingInformation.ApiInvokerCertificate!;
        Assert.Equal(ErrorKind.AlreadyExists, (await host.OnboardAsync("b", InvokerHost.Details(key))).Refusal!.Kind);
        Assert.Equal(ErrorKind.AlreadyExists, (await host.OnboardAsync("a", InvokerHost.Details(key))).Refusal!.Kind);
        Assert.Equal(0, host.Rows("state", "api-invoker", "b"));
        Assert.False(await host.Invoker("b").IsOnboardedAsync(default));
        Assert.NotNull(await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default));
    }

    [Fact]
    public async Task SameKeyAtTheSameTime_OneIsOnboarded()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var details = InvokerHost.Details(key);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => host.OnboardAsync($"a{number}", details)));
        Assert.Single(outcomes, one => one.Refusal is null);
        Assert.All(outcomes.Where(one => one.Refusal is not null), one => Assert.Equal(ErrorKind.AlreadyExists, one.Refusal!.Kind));
    }

    [Fact]
    public async Task Event_IsPublished_ToWhoSubscribed()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.SubscribeAsync(CallerRole.Amf, "amf1", CapifEvent.ApiInvokerOnboarded);
        await host.OnboardedAsync("a", key);
        host.Host.Time.Advance(TimeSpan.Zero);
        Assert.Contains("\"a\"", await host.Sender.ReceivedAsync("amf1.example", "API_INVOKER_ONBOARDED"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThirdPartyCertificate_OfATrustedIssuer_StandsForTheInvoker_33122_6_1()
    {
        using var issuer = new ThirdParty();
        await using var host = await InvokerHost.StartAsync(trustedIssuer: issuer.Certificate);
        using var key = new SigningKey();
        var pem = issuer.Issue(key);
        var outcome = await host.OnboardAsync("a", InvokerHost.Details(key, pem));
        Assert.Equal(pem, outcome.Value!.OnboardingInformation.ApiInvokerCertificate);
        Assert.Equal("a", (await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
    }

    [Fact]
    public async Task ThirdPartyCertificate_OfTheOffboarded_CanComeBack_AndIsNotOnOurRevocationList()
    {
        using var issuer = new ThirdParty();
        await using var host = await InvokerHost.StartAsync(trustedIssuer: issuer.Certificate);
        using var key = new SigningKey();
        var pem = issuer.Issue(key);
        Assert.Null((await host.OnboardAsync("a", InvokerHost.Details(key, pem))).Refusal);
        Assert.Null((await host.Invoker("a").OffboardAsync(default)).Refusal);
        Assert.Null(await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default));
        Assert.False(await host.IsRevokedAsync(InvokerHost.Presented(pem).SerialNumber));
        Assert.Null((await host.OnboardAsync("b", InvokerHost.Details(key, pem))).Refusal);
        Assert.Equal("b", (await host.Invoker("b").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
    }

    [Fact]
    public async Task ThirdPartyCertificate_Untrusted_OfAnotherKey_Expired_OrBroken_IsRefused()
    {
        using var issuer = new ThirdParty();
        using var stranger = new ThirdParty();
        await using var host = await InvokerHost.StartAsync(trustedIssuer: issuer.Certificate);
        using var key = new SigningKey();
        using var otherKey = new SigningKey();
        Refused(await host.OnboardAsync("a", InvokerHost.Details(key, stranger.Issue(key))), ErrorKind.ApiInvokerNotAllowed, CertificateAttribute);
        Refused(await host.OnboardAsync("a", InvokerHost.Details(key, issuer.Issue(otherKey))), ErrorKind.InvalidRequest, CertificateAttribute);
        Refused(await host.OnboardAsync("a", InvokerHost.Details(key, issuer.Issue(key, expired: true))), ErrorKind.ApiInvokerNotAllowed, CertificateAttribute);
        var broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        Refused(await host.OnboardAsync("a", InvokerHost.Details(key, broken)), ErrorKind.InvalidRequest, CertificateAttribute);
        Assert.Null(await host.Reservation(key).GetOwnerAsync(default));
        // What the clients of OpenCAPIF send there is no certificate at all.
        Assert.Null((await host.OnboardAsync("a", InvokerHost.Details(key, "apiInvokerCertificate"))).Refusal);
    }

    private static void Refused(Outcome<ApiInvokerEnrolmentDetails> outcome, ErrorKind kind, string attribute)
    {
        Assert.NotNull(outcome.Refusal);
        Assert.Equal((kind, attribute), (outcome.Refusal.Kind, outcome.Refusal.InvalidParams.Single().Param));
    }

    /// <summary>Another certification authority, which signs around the test clock's time.</summary>
    private sealed class ThirdParty : IDisposable
    {
        private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ThirdParty()
        {
            var request = new CertificateRequest("CN=another authority", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            Certificate = request.CreateSelfSigned(Now.AddYears(-5), Now.AddYears(5));
        }

        public X509Certificate2 Certificate { get; }

        public string Issue(SigningKey key, bool expired = false)
        {
            var request = new CertificateRequest("CN=somebody", key.Key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
            using var issued = request.Create(Certificate, Now.AddYears(-1), expired ? Now.AddDays(-1) : Now.AddYears(1), [1]);
            return issued.ExportCertificatePem();
        }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }
}
