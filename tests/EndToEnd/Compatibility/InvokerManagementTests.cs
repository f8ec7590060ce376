using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.1: capif_api_invoker_management.</summary>
public sealed class InvokerManagementTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string Invokers = "/api-invoker-management/v1/onboardedInvokers";

    [Fact]
    public async Task InvokerManagement1_Onboards_201_WithCertificate()
    {
        var invoker = await Life.InvokerAsync(rsa: true);

        var body = Of(invoker.Onboarded, 201, "APIInvokerEnrolmentDetails");

        Located(invoker.Onboarded, Invokers, invoker.Party.Id);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", (string)body["onboardingInformation"]!["apiInvokerCertificate"]!, StringComparison.Ordinal);
        Assert.Equal("http://host.docker.internal:8086/netapp_callback", (string?)body["notificationDestination"]);
    }

    [Fact]
    public async Task InvokerManagement2_SameAgain_403()
    {
        var invoker = await Life.InvokerAsync();

        var again = await Client.SendAsync(null, "POST", invoker.User.OnboardingUrl, invoker.Body, bearer: invoker.User.Token);

        Refused(again, 403, "Invoker already registered", "Identical invoker public key");
    }

    [Fact]
    public async Task InvokerManagement3_Update_200_Echoes()
    {
        var invoker = await Life.InvokerAsync();
        var body = invoker.Body.DeepClone();
        body["notificationDestination"] = "http://host.docker.internal:8086/netapp_new_callback";

        var updated = Of(await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body), 200, "APIInvokerEnrolmentDetails");

        Assert.Equal("http://host.docker.internal:8086/netapp_new_callback", (string?)updated["notificationDestination"]);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task InvokerManagement4And6_UnknownId_404(string method)
    {
        var invoker = await Life.InvokerAsync();

        var answer = await Client.SendAsync(invoker.Party, method, Invokers + "/not-valid", method == "PUT" ? invoker.Body : null);

        Refused(answer, 404, "Please provide an existing Network App ID", "Network App ID does not exist");
    }

    [Fact]
    public async Task InvokerManagement5_Offboards_204()
    {
        var invoker = await Life.InvokerAsync();

        (await Client.SendAsync(invoker.Party, "DELETE", invoker.Onboarded.Path)).Expect(204);

        invoker.IsGone = true;
        Assert.Equal(401, (await Client.SendAsync(invoker.Party, "DELETE", invoker.Onboarded.Path)).Status);
    }

    [Fact]
    public async Task InvokerManagement7_AnotherKey_200_AndTheNewCertificateIsGood()
    {
        var invoker = await Life.InvokerAsync();
        using var other = new ClientParty("invoker") { Id = invoker.Party.Id };
        var body = invoker.Body.DeepClone();
        body["onboardingInformation"]!["apiInvokerPublicKey"] = other.SigningRequest();

        var updated = Of(await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body), 200, "APIInvokerEnrolmentDetails");
        other.Accept((string)updated["onboardingInformation"]!["apiInvokerCertificate"]!);

        Of(await Client.SendAsync(other, "PUT", invoker.Onboarded.Path, body), 200, "APIInvokerEnrolmentDetails");
        Assert.Equal(401, (await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body)).Status);
        (await Client.SendAsync(other, "DELETE", invoker.Onboarded.Path)).Expect(204);
        invoker.IsGone = true;
    }

    [Fact]
    public async Task InvokerManagement7_TheKeyThatWasReplaced_IsFreeAgain_AndAnothersIsNot()
    {
        var (first, second) = (await Life.InvokerAsync(), await Life.InvokerAsync());
        var body = first.Body.DeepClone();
        body["onboardingInformation"]!["apiInvokerPublicKey"] = second.Party.SigningRequest();
        Refused(await Client.SendAsync(first.Party, "PUT", first.Onboarded.Path, body), 403, "Invoker already registered", "Identical invoker public key");

        using var other = new ClientParty("invoker") { Id = first.Party.Id };
        body["onboardingInformation"]!["apiInvokerPublicKey"] = other.SigningRequest();
        var updated = Of(await Client.SendAsync(first.Party, "PUT", first.Onboarded.Path, body), 200, "APIInvokerEnrolmentDetails");
        other.Accept((string)updated["onboardingInformation"]!["apiInvokerCertificate"]!);
        var again = (await Client.SendAsync(null, "POST", first.User.OnboardingUrl, first.Body, bearer: first.User.Token)).Expect(201);

        (await Client.SendAsync(other, "DELETE", first.Onboarded.Path)).Expect(204);
        first.IsGone = true;
        using var taken = new ClientParty("unused");
        first.Party.Accept((string)again.Body["onboardingInformation"]!["apiInvokerCertificate"]!);
        (await Client.SendAsync(first.Party, "DELETE", again.Path)).Expect(204);
    }

    [Fact]
    public async Task InvokerManagement8_WithoutFeatures_400()
    {
        var user = await Life.UserAsync();
        using var party = new ClientParty("invoker");
        var body = ClientBodies.Invoker(party);
        body.Remove("supportedFeatures");

        var answer = await Client.SendAsync(null, "POST", user.OnboardingUrl, body, bearer: user.Token);

        Refused(answer, 400, "supportedFeatures not present in request", "supportedFeatures not present");
    }

    [Fact]
    public async Task InvokerManagement9_UpdateWithoutFeatures_400()
    {
        var invoker = await Life.InvokerAsync();
        var body = (JsonObject)invoker.Body.DeepClone();
        body.Remove("supportedFeatures");

        var answer = await Client.SendAsync(invoker.Party, "PUT", invoker.Onboarded.Path, body);

        Refused(answer, 400, "supportedFeatures not present in request", "supportedFeatures not present");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task WrongRole_401(string method)
    {
        var provider = await Life.ProviderAsync();

        var answer = await Client.SendAsync(provider.Aef, method, Invokers + "/not-valid", method == "DELETE" ? null : "{}");

        Refused(answer, 401, Route, "User role must be invoker");
    }
}
