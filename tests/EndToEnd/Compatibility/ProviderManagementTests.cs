using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Contract 5.2: capif_api_provider_management.</summary>
public sealed class ProviderManagementTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private const string Registrations = "/api-provider-management/v1/registrations";

    [Fact]
    public async Task ProviderManagement1_Registers_201_WithCertificates()
    {
        var provider = await Life.ProviderAsync(aefs: 2, apfs: 2, rsa: true);

        var body = Of(provider.Registered, 201, "APIProviderEnrolmentDetails");

        Located(provider.Registered, Registrations, (string)body["apiProvDomId"]!);
        Assert.Equal(
            ["APF_1", "APF_2", "AEF_1", "AEF_2", "AMF"], body["apiProvFuncs"]!.AsArray().Select(one => (string)one!["apiProvFuncInfo"]!));
        Assert.Equal(provider.User.Token, (string?)body["regSec"]);
    }

    [Fact]
    public async Task ProviderManagement2_SameAgain_403()
    {
        var provider = await Life.ProviderAsync();

        var again = await Client.SendAsync(null, "POST", provider.User.RegistrationUrl, provider.Body, bearer: provider.User.Token);

        Refused(again, 403, "Provider already registered", "Identical provider reg sec");
    }

    [Fact]
    public async Task ProviderManagement3_UpdateWithoutFunctionIds_200_AndTheAmfOfTheAnswerDeregisters()
    {
        var provider = await Life.ProviderAsync();
        var body = provider.Body.DeepClone();
        body["apiProvDomInfo"] = "ROBOT_TESTING_MOD";

        var updated = Of(await Client.SendAsync(provider.Amf, "PUT", provider.Registered.Path, body), 200, "APIProviderEnrolmentDetails");

        Assert.Equal("ROBOT_TESTING_MOD", (string?)updated["apiProvDomInfo"]);
        provider.Take(updated);
        (await Client.SendAsync(provider.Amf, "DELETE", provider.Registered.Path)).Expect(204);
        provider.IsGone = true;
    }

    [Theory]
    [InlineData("PUT", CapifClient.Json)]
    [InlineData("PATCH", CapifClient.MergePatch)]
    [InlineData("DELETE", null)]
    public async Task ProviderManagement4And6And8_UnknownId_404(string method, string? mediaType)
    {
        var provider = await Life.ProviderAsync();

        var answer = await Client.SendAsync(
            provider.Amf, method, Registrations + "/notValid", mediaType is null ? null : provider.Body, mediaType ?? CapifClient.Json);

        Refused(answer, 404, "Please provide an existing API Provider ID", "API Provider ID does not exist");
    }

    [Fact]
    public async Task ProviderManagement7_Deregisters_204()
    {
        var provider = await Life.ProviderAsync();

        (await Client.SendAsync(provider.Amf, "DELETE", provider.Registered.Path)).Expect(204);

        provider.IsGone = true;
    }

    [Fact]
    public async Task ProviderManagement9_WithoutFeatures_400()
    {
        var user = await Life.UserAsync();
        using var amf = new ClientParty("amf");
        var body = ClientBodies.Provider(user, [("AMF", "AMF", amf)]);
        body.Remove("suppFeat");

        var answer = await Client.SendAsync(null, "POST", user.RegistrationUrl, body, bearer: user.Token);

        Refused(answer, 400, "suppFeat not present in request", "suppFeat not present");
    }

    [Fact]
    public async Task ProviderManagement10_UpdateWithoutFeatures_400()
    {
        var provider = await Life.ProviderAsync();
        var body = (JsonObject)provider.Body.DeepClone();
        body.Remove("suppFeat");

        var answer = await Client.SendAsync(provider.Amf, "PUT", provider.Registered.Path, body);

        Refused(answer, 400, "suppFeat not present in request", "suppFeat not present");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task WrongRole_401(string method)
    {
        var provider = await Life.ProviderAsync();

        var answer = await Client.SendAsync(provider.Apf, method, provider.Registered.Path, method == "DELETE" ? null : "{}");

        Refused(answer, 401, Route, "User role must be amf");
    }
}
