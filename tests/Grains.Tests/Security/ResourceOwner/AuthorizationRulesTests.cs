using CapifOrleans.Grains.Security;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>The pure rules of resource owner authorization.</summary>
public sealed class AuthorizationRulesTests
{
    [Theory]
    [InlineData("https://app.example/callback", true)]
    [InlineData("https://APP.example/other?x=1", true)]
    [InlineData("https://app.example:443/", true)]
    [InlineData("https://app.example:444/", false)]
    [InlineData("http://app.example/callback", false)]
    [InlineData("https://app.example.evil/callback", false)]
    [InlineData("https://user@app.example/callback", false)]
    [InlineData("https://app.example/callback#x", false)]
    [InlineData("https://app.example/callback#", false)]
    [InlineData("//app.example/callback", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("http://127.0.0.1:8000/callback", true)]
    [InlineData("http://127.0.0.1:8001/callback", false)]
    [InlineData("http://plain.example/callback", false)]
    public void RedirectUri_HasTheOriginOfAnAddressOfTheInvoker(string uri, bool isAllowed) =>
        Assert.Equal(isAllowed, AuthorizationRules.IsRedirectUri(uri, "https://app.example/notify", "http://127.0.0.1:8000/notify", "http://plain.example/"));

    [Theory]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", true)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", false)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", false)]
    public void Challenge_IsASha256InBase64Url(string text, bool isOne) => Assert.Equal(isOne, AuthorizationRules.IsChallenge(text));

    [Theory]
    [InlineData("msisdn-441234567890", true)]
    [InlineData("extid-name@example.com", true)]
    [InlineData("msisdn-1234", false)]
    [InlineData("msisdn-44123456789012345", false)]
    [InlineData("extid-@example.com", false)]
    [InlineData("name", false)]
    [InlineData("msisdn-12345\n", false)]
    [InlineData("", false)]
    public void Gpsi_IsAnMsisdnOrAnExternalIdentifier_29571(string text, bool isOne) => Assert.Equal(isOne, ResourceOwnerAccount.IsGpsi(text));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "res.x", true)]
    [InlineData("res.x", "res.x", true)]
    [InlineData("res.x", "", false)]
    [InlineData("res.x", "res.x:op.y", false)]
    public void Consent_CoversTheWholeOrTheSamePart(string consented, string asked, bool covers)
    {
        var consent = new ConsentedApi { AefId = "a", ApiId = "i", ApiName = "n", Part = consented };
        Assert.Equal(covers, consent.Covers(consent with { Part = asked }));
        Assert.False(consent.Covers(consent with { Part = asked, AefId = "b" }));
        Assert.False(consent.Covers(consent with { Part = asked, ApiId = "j" }));
    }
}
