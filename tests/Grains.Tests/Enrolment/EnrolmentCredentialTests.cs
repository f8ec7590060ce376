using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapifOrleans.Enrolment;

namespace CapifOrleans.Grains.Tests.Enrolment;

/// <summary>33.122 6.1: the credential is checked as RFC 7519 and RFC 7515 say, and for its one purpose.</summary>
public class EnrolmentCredentialTests
{
    [Fact]
    public async Task IssuedCredential_IsGoodForItsPurpose()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var user = await host.CreatedAsync("alice");

        var outcome = await host.Credentials.LogInAsync("alice", Password, CredentialPurpose.Enrolment, default);

        var issued = outcome.Value!;
        Assert.Equal(host.Host.Time.GetUtcNow().AddMinutes(15), issued.ExpiresAt);
        Assert.Equal("***", issued.Credential.ToString());
        var claims = Part(issued.Credential.Text, 1);
        Assert.Equal("capif-enrolment+jwt", (string?)Part(issued.Credential.Text, 0)["typ"]);
        Assert.Equal("ES256", (string?)Part(issued.Credential.Text, 0)["alg"]);
        Assert.Equal("core.example", (string?)claims["iss"]);
        Assert.Equal("core.example", (string?)claims["aud"]);
        Assert.Equal("alice", (string?)claims["sub"]);
        Assert.Equal(user.Uuid, (string?)claims["uuid"]);
        Assert.Equal("enrolment", (string?)claims["purpose"]);
        Assert.Equal((long?)claims["iat"] + 900, (long?)claims["exp"]);
        Assert.Equal((long?)claims["iat"], (long?)claims["nbf"]);
        Assert.NotNull((string?)claims["jti"]);
        Assert.Equal(user, (await host.Credentials.VerifyAsync(issued.Credential, CredentialPurpose.Enrolment, default)).Value);
    }

    [Fact]
    public async Task Expired_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var credential = await CredentialAsync(host);
        host.Host.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.Null((await host.Credentials.VerifyAsync(credential, CredentialPurpose.Enrolment, default)).Refusal);

        host.Host.Time.Advance(TimeSpan.FromSeconds(1));

        await AssertRefusedAsync(host, credential, "CREDENTIAL_EXPIRED");
    }

    [Fact]
    public async Task NotYetValid_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var claims = await ClaimsAsync(host);
        claims["nbf"] = (long?)claims["nbf"] + 60;

        await AssertRefusedAsync(host, Sign(host, claims), "CREDENTIAL_NOT_YET_VALID");
    }

    [Fact]
    public async Task OtherPurpose_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var user = await host.CreatedAsync("root", administrator: true);
        var issued = await host.Credentials.IssueAsync(user, CredentialPurpose.AccountAdministration, default);

        await AssertRefusedAsync(host, issued.Credential, "CREDENTIAL_WRONG_PURPOSE");
        var other = await host.Credentials.IssueAsync(user, CredentialPurpose.Enrolment, default);
        var outcome = await host.Credentials.VerifyAsync(other.Credential, CredentialPurpose.AccountAdministration, default);
        Assert.Equal("CREDENTIAL_WRONG_PURPOSE", outcome.Refusal?.Cause);
    }

    [Theory]
    [InlineData("aud", "CREDENTIAL_WRONG_AUDIENCE")]
    [InlineData("iss", "CREDENTIAL_WRONG_ISSUER")]
    public async Task OtherAudienceOrIssuer_IsRefused(string claim, string cause)
    {
        await using var host = await EnrolmentHost.StartAsync();
        var claims = await ClaimsAsync(host);
        claims[claim] = "other.example";

        await AssertRefusedAsync(host, Sign(host, claims), cause);
    }

    [Fact]
    public async Task RemovedAccount_VoidsItsCredentials_AlsoWhenTheNameIsUsedAgain()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var credential = await CredentialAsync(host);
        await host.User("alice").RemoveAsync(null, default);
        await AssertRefusedAsync(host, credential, "CREDENTIAL_ACCOUNT_GONE");

        await host.CreatedAsync("alice");

        await AssertRefusedAsync(host, credential, "CREDENTIAL_ACCOUNT_GONE");
    }

    [Fact]
    public async Task CredentialThatWasGood_IsNoneOnceItsKeyIsForgotten()
    {
        await using var host = await EnrolmentHost.StartAsync();
        host.Options.CredentialLifetime = TimeSpan.FromDays(30);
        var credential = await CredentialAsync(host);
        Assert.Null((await host.Credentials.VerifyAsync(credential, CredentialPurpose.Enrolment, default)).Refusal);

        host.Keys.Rotate(atOnce: true);
        Assert.Null((await host.Credentials.VerifyAsync(credential, CredentialPurpose.Enrolment, default)).Refusal);
        host.Host.Time.Advance(TimeSpan.FromDays(15));

        await AssertRefusedAsync(host, credential, "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task CredentialThatWasAltered_IsRefused_AlsoRightAfterTheGoodOne()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var credential = await CredentialAsync(host);
        Assert.Null((await host.Credentials.VerifyAsync(credential, CredentialPurpose.Enrolment, default)).Refusal);
        var last = credential.Text[^2] == 'A' ? 'B' : 'A';

        await AssertRefusedAsync(host, new EnrolmentCredential { Text = $"{credential.Text[..^2]}{last}{credential.Text[^1]}" }, "CREDENTIAL_INVALID");
        Assert.Null((await host.Credentials.VerifyAsync(credential, CredentialPurpose.Enrolment, default)).Refusal);
    }

    [Fact]
    public async Task AccessToken_IsNoCredential()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var claims = await ClaimsAsync(host);

        var token = host.Keys.AccessTokens.Sign(Encoding.UTF8.GetBytes(claims.ToJsonString()));

        await AssertRefusedAsync(host, new EnrolmentCredential { Text = token }, "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task OtherTypeSignedWithOurKeyId_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await AssertRefusedAsync(host, await WithHeaderAsync(host, header => header["typ"] = "JWT"), "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task AlgNone_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var credential = await WithHeaderAsync(host, header => header["alg"] = "none");

        await AssertRefusedAsync(host, credential, "CREDENTIAL_INVALID");
        await AssertRefusedAsync(host, new EnrolmentCredential { Text = credential.Text[..(credential.Text.LastIndexOf('.') + 1)] }, "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task Hs256WithThePublicKey_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var credential = await WithHeaderAsync(host, header => header["alg"] = "HS256");
        var signed = credential.Text[..credential.Text.LastIndexOf('.')];
        var jwk = JsonNode.Parse(host.Keys.JwkSet.Span)!["keys"]![0]!;
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string)jwk["x"]!), Y = Base64Url.DecodeFromChars((string)jwk["y"]!) },
        });
        foreach (var secret in new[] { Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), key.ExportSubjectPublicKeyInfo() })
        {
            var mac = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed));
            await AssertRefusedAsync(host, new EnrolmentCredential { Text = $"{signed}.{Base64Url.EncodeToString(mac)}" }, "CREDENTIAL_INVALID");
        }
    }

    [Fact]
    public async Task ForgedSignature_IsRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var text = (await CredentialAsync(host)).Text;
        var signed = text[..text.LastIndexOf('.')];
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = Base64Url.EncodeToString(other.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));

        await AssertRefusedAsync(host, new EnrolmentCredential { Text = $"{signed}.{signature}" }, "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task AlteredClaims_AreRefused()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var parts = (await CredentialAsync(host)).Text.Split('.');
        var claims = Part(string.Join('.', parts), 1);
        claims["purpose"] = "account-administration";
        parts[1] = Encode(claims);

        await AssertRefusedAsync(host, new EnrolmentCredential { Text = string.Join('.', parts) }, "CREDENTIAL_INVALID");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    public async Task Rubbish_IsRefused(string text)
    {
        await using var host = await EnrolmentHost.StartAsync();
        await AssertRefusedAsync(host, new EnrolmentCredential { Text = text }, "CREDENTIAL_INVALID");
    }

    [Fact]
    public async Task Administration_IsForAdministratorsOnly()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await host.CreatedAsync("alice");

        var outcome = await host.Credentials.LogInAsync("alice", Password, CredentialPurpose.AccountAdministration, default);

        Assert.Equal(ErrorKind.Forbidden, outcome.Refusal?.Kind);
    }

    [Fact]
    public async Task WhatCannotBeAName_IsRefusedAsAnUnknownUser()
    {
        await using var host = await EnrolmentHost.StartAsync();

        var outcome = await host.Credentials.LogInAsync("no such\nname", Password, CredentialPurpose.Enrolment, default);

        Assert.Equal(ErrorKind.Unauthenticated, outcome.Refusal?.Kind);
    }

    private static EnrolmentPassword Password => new() { Text = EnrolmentHost.Password };

    private static async Task<EnrolmentCredential> CredentialAsync(EnrolmentHost host) =>
        (await host.Credentials.IssueAsync(await host.CreatedAsync("alice"), CredentialPurpose.Enrolment, default)).Credential;

    private static async Task<JsonObject> ClaimsAsync(EnrolmentHost host) => Part((await CredentialAsync(host)).Text, 1);

    private static EnrolmentCredential Sign(EnrolmentHost host, JsonObject claims) =>
        new() { Text = host.Keys.EnrolmentCredentials.Sign(Encoding.UTF8.GetBytes(claims.ToJsonString())) };

    private static async Task<EnrolmentCredential> WithHeaderAsync(EnrolmentHost host, Action<JsonObject> change)
    {
        var parts = (await CredentialAsync(host)).Text.Split('.');
        var header = Part(string.Join('.', parts), 0);
        change(header);
        parts[0] = Encode(header);
        return new EnrolmentCredential { Text = string.Join('.', parts) };
    }

    private static JsonObject Part(string token, int part) =>
        JsonSerializer.Deserialize<JsonObject>(Base64Url.DecodeFromChars(token.Split('.')[part]))!;

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static async Task AssertRefusedAsync(EnrolmentHost host, EnrolmentCredential credential, string cause)
    {
        var outcome = await host.Credentials.VerifyAsync(credential, CredentialPurpose.Enrolment, default);
        Assert.Equal(ErrorKind.Unauthenticated, outcome.Refusal?.Kind);
        Assert.Equal(cause, outcome.Refusal?.Cause);
        if (credential.Text.Length > 3)
            Assert.DoesNotContain(credential.Text, outcome.Refusal!.Detail, StringComparison.Ordinal);
    }
}
