using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>What a client may get wrong: each gets its status, names the attribute, and changes nothing.</summary>
[Collection(nameof(CoreCollection))]
public sealed class BadInputTests(CoreFixture core)
{
    private const string Onboard = "/api-invoker-management/v1/onboardedInvokers";

    [Fact]
    public async Task MalformedJson_400()
    {
        using var party = new DemoParty("x", core.Target.Root);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, "{\"a\":", core.Bearer()), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("onboardingInformation")]
    [InlineData("notificationDestination")]
    public async Task MissingAttribute_400_NamesIt(string attribute)
    {
        using var party = new DemoParty("x", core.Target.Root);
        var body = CoreFixture.Onboarding(party);
        body.Remove(attribute);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, body, core.Bearer()), HttpStatusCode.BadRequest, attribute);
    }

    [Fact]
    public async Task WrongMediaType_415_AndTooLong_413()
    {
        using var party = new DemoParty("x", core.Target.Root);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, "{}", core.Bearer(), "text/plain"), HttpStatusCode.UnsupportedMediaType);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, new string(' ', 300 * 1024), core.Bearer()), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task UnknownPath_404_AndMethod_405()
    {
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Nobody, HttpMethod.Get, "/nowhere"), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Nobody, HttpMethod.Put, Onboard, "{}"), HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0ZXIifQ.")]
    public async Task NoEnrolmentCredential_401(string credential)
    {
        using var party = new DemoParty("x", core.Target.Root);
        var answer = await core.SendAsync(
            core.Run.Nobody, HttpMethod.Post, Onboard, CoreFixture.Onboarding(party), credential.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", credential));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        await CoreFixture.RefusedAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task ForgedEnrolmentCredential_401()
    {
        using var party = new DemoParty("x", core.Target.Root);
        var parts = core.Run.Credential.Split('.');
        var signature = parts[2].ToCharArray();
        signature[5] = signature[5] == 'A' ? 'B' : 'A';
        var forged = new AuthenticationHeaderValue("Bearer", $"{parts[0]}.{parts[1]}.{new string(signature)}");
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, CoreFixture.Onboarding(party), forged), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task CsrWithWrongSignature_400_NamesTheKey()
    {
        using var party = new DemoParty("x", core.Target.Root);
        var body = CoreFixture.Onboarding(party);
        var der = Convert.FromBase64String(string.Concat(party.SigningRequest().Split('\n').Where(line => !line.StartsWith("-----", StringComparison.Ordinal))));
        der[^3] ^= 1;
        body["onboardingInformation"]!["apiInvokerPublicKey"] = PemEncoding.WriteString("CERTIFICATE REQUEST", der);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, body, core.Bearer()), HttpStatusCode.BadRequest, "onboardingInformation.apiInvokerPublicKey");
    }

    [Fact]
    public async Task SameKeyAgain_403_AndTheFirstGoesOn()
    {
        using var party = new DemoParty("x", core.Target.Root);
        var body = CoreFixture.Onboarding(party);
        using var first = await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, body.DeepClone(), core.Bearer());
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, body, core.Bearer()), HttpStatusCode.Forbidden);
        var onboarded = await CoreFixture.JsonAsync(first);
        party.Accept(onboarded["apiInvokerId"]!.GetValue<string>(), onboarded["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>());
        using var gone = await core.SendAsync(party, HttpMethod.Delete, $"{Onboard}/{party.Id}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        // 33.122 6.8 step 3: nothing is left of it, so the key is free.
        using var again = await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Onboard, CoreFixture.Onboarding(party), core.Bearer());
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task ForeignCertificate_401()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=nobody we know", key, HashAlgorithmName.SHA256);
        using var foreign = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var client = Client(foreign);
        var answer = await client.GetAsync(new Uri(core.Target.Core, "/service-apis/v1/allServiceAPIs?api-invoker-id=x"));
        Assert.Contains("CLIENT_CERTIFICATE_UNTRUSTED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await CoreFixture.RefusedAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Update_OfWhatCannotBeChanged_403_NamesIt()
    {
        using var invoker = await core.OnboardAsync();
        using var other = new DemoParty("other", core.Target.Root);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(invoker, HttpMethod.Put, $"{Onboard}/{invoker.Id}", CoreFixture.Onboarding(other)),
            HttpStatusCode.Forbidden, "onboardingInformation.apiInvokerPublicKey");
        var body = CoreFixture.Onboarding(invoker);
        body["notificationDestination"] = "https://127.0.0.1:9/elsewhere";
        using var updated = await core.SendAsync(invoker, HttpMethod.Put, $"{Onboard}/{invoker.Id}", body);
        Assert.Equal("https://127.0.0.1:9/elsewhere", (await CoreFixture.JsonAsync(updated))["notificationDestination"]!.GetValue<string>());
        using var patched = await core.SendAsync(
            invoker, HttpMethod.Patch, $"{Onboard}/{invoker.Id}", "{\"apiInvokerInformation\":\"new\"}", null, "application/merge-patch+json");
        Assert.Equal("new", (await CoreFixture.JsonAsync(patched))["apiInvokerInformation"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("grant_type=client_credentials", "invalid_request")]
    [InlineData("client_id={id}", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id=not-valid", "invalid_client")]
    [InlineData("grant_type=not_valid&client_id={id}", "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_id={id}", "invalid_request")]
    [InlineData("grant_type=client_credentials&client_id={id}&scope=not-valid-scope", "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id={id}&scope=3gpp%231234:service_1", "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id={id}&scope=3gpp%23{aef}:not-valid", "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret=wrong", "invalid_client")]
    public async Task TokenRequest_29222_8_5_5_3(string form, string error)
    {
        using var invoker = await core.OnboardAsync();
        await NegotiateAsync(invoker);
        var body = form.Replace("{id}", invoker.Id, StringComparison.Ordinal).Replace("{aef}", core.Run.Aef.Id, StringComparison.Ordinal);
        using var answer = await core.SendAsync(
            invoker, HttpMethod.Post, $"/capif-security/v1/securities/{invoker.Id}/token", body, null, "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(error, (await CoreFixture.JsonAsync(answer))["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task SecurityContext_RevokedByTheAef_IsGone_29222_5_6_2_5()
    {
        using var invoker = await core.OnboardAsync();
        await NegotiateAsync(invoker);
        using var revoked = await core.SendAsync(core.Run.Aef, HttpMethod.Delete, $"/capif-security/v1/trustedInvokers/{invoker.Id}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Aef, HttpMethod.Get, $"/capif-security/v1/trustedInvokers/{invoker.Id}"), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(
            await core.SendAsync(
                invoker, HttpMethod.Post, $"/capif-security/v1/securities/{invoker.Id}/token",
                $"grant_type=client_credentials&client_id={invoker.Id}", null, "application/x-www-form-urlencoded"),
            HttpStatusCode.NotFound);
    }

    private async Task NegotiateAsync(DemoParty invoker)
    {
        var body = new JsonObject
        {
            ["securityInfo"] = new JsonArray(new JsonObject { ["aefId"] = core.Run.Aef.Id, ["prefSecurityMethods"] = new JsonArray("PSK", "OAUTH") }),
            ["notificationDestination"] = "https://127.0.0.1:9/revocations",
        };
        using var answer = await core.SendAsync(invoker, HttpMethod.Put, $"/capif-security/v1/trustedInvokers/{invoker.Id}", body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("OAUTH", (await CoreFixture.JsonAsync(answer))["securityInfo"]![0]!["selSecurityMethod"]!.GetValue<string>());
    }

    private HttpClient Client(X509Certificate2 certificate) => new(new SocketsHttpHandler
    {
        SslOptions = new System.Net.Security.SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
            ClientCertificates = [certificate],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { core.Target.Root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    });
}
