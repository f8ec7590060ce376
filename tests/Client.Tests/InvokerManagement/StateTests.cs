using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapifOrleans.Client.Tests.Foreign;
using CapifOrleans.Tls.Tests;

namespace CapifOrleans.Client.Tests.InvokerManagement;

/// <summary>TS 33.122 6.1 and 6.8: what an onboarding leaves on the disk, and that an offboarding takes it away.</summary>
public sealed class StateTests(TestPki pki) : Scene(pki)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData(null)]
    [InlineData("a password of its own")]
    public async Task Invoker_IsKept_ForItsOwnerOnly_AndGoesOn(string? password)
    {
        var options = Options([SecurityMethod.Oauth], StatePath, password);
        string id;
        using (var first = await ApiInvoker.OnboardAsync(Core.Enrolment(), options))
            id = first.ApiInvokerId;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(StatePath));
        using var invoker = await ApiInvoker.LoadAsync(options);
        Assert.Equal(id, invoker.ApiInvokerId);
        using (var http = invoker.CreateClient(Aef.Api))
            Assert.Equal("OAUTH", await CallAsync(http));
        var state = JsonNode.Parse(await File.ReadAllTextAsync(StatePath))!;
        Assert.Equal(password is null, state["secrets"] is not null);
        Assert.Equal(password is not null, !(await File.ReadAllTextAsync(StatePath)).Contains(ForeignCore.OnboardSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WrongPassword_OrNone_OrDamage_IsRefused()
    {
        using (await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath, "right")))
        {
        }

        await Assert.ThrowsAsync<CryptographicException>(() => ApiInvoker.LoadAsync(Options(null, StatePath, "wrong")));
        await Assert.ThrowsAsync<CryptographicException>(() => ApiInvoker.LoadAsync(Options(null, StatePath)));
        var state = JsonNode.Parse(await File.ReadAllTextAsync(StatePath))!;
        state["sealedSecrets"]!["iterations"] = int.MaxValue;
        await File.WriteAllTextAsync(StatePath, state.ToJsonString());
        await Assert.ThrowsAsync<CryptographicException>(() => ApiInvoker.LoadAsync(Options(null, StatePath, "right")));
        state["version"] = 2;
        await File.WriteAllTextAsync(StatePath, state.ToJsonString());
        await Assert.ThrowsAsync<JsonException>(() => ApiInvoker.LoadAsync(Options(null, StatePath, "right")));
    }

    [Fact]
    public async Task FileThatOthersMayRead_IsNotUsed()
    {
        using (await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath)))
        {
        }

        File.SetUnixFileMode(StatePath, OwnerOnly | UnixFileMode.GroupRead);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => ApiInvoker.LoadAsync(Options(null, StatePath)));
    }

    [Fact]
    public async Task Onboarding_NeverOverwritesAnother_AndSendsNothingIfItCannotBeKept()
    {
        await File.WriteAllTextAsync(StatePath, "another");
        await Assert.ThrowsAsync<IOException>(() => ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath)));
        Assert.Equal("another", await File.ReadAllTextAsync(StatePath));
        await Assert.ThrowsAnyAsync<IOException>(() => ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, Path.Combine(StatePath, "no", "folder"))));
        Assert.Empty(Core.Requests);
    }

    [Fact]
    public async Task RefusedOnboarding_LeavesNothing()
    {
        var fault = await Assert.ThrowsAsync<CapifException>(() => ApiInvoker.OnboardAsync(Core.Enrolment("wrong"), Options(null, StatePath)));
        Assert.Equal((HttpStatusCode.Unauthorized, "CREDENTIAL_INVALID"), (fault.StatusCode, fault.Cause));
        Assert.False(File.Exists(StatePath));
        Assert.DoesNotContain("wrong", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateForAnotherKey_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Core.Instead = async (http, _) =>
        {
            await ForeignServer.JsonAsync(http, 201, Core.Onboarded(other.ExportSubjectPublicKeyInfoPem()));
            return true;
        };
        await Assert.ThrowsAsync<CapifException>(() => ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath)));
        Assert.False(File.Exists(StatePath));
    }

    [Fact]
    public async Task OnboardingDecidedLater_IsCompletedByItsNotification_29222_5_5_2_4()
    {
        Core.Instead = (http, request) =>
        {
            if (!request.Path.EndsWith("/onboardedInvokers", StringComparison.Ordinal))
                return Task.FromResult(false);
            http.Response.StatusCode = (int)HttpStatusCode.Accepted;
            return Task.FromResult(true);
        };
        using (var pending = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath)))
        {
            Assert.False(pending.IsOnboarded);
            await Assert.ThrowsAsync<InvalidOperationException>(() => pending.DiscoverAsync());
        }

        // The key outlives a restart meanwhile.
        using var invoker = await ApiInvoker.LoadAsync(Options(null, StatePath));
        var details = Core.Onboarded(Core.Requests.Single().Json["onboardingInformation"]!["apiInvokerPublicKey"]!.GetValue<string>());
        var notification = new JsonObject
        {
            ["result"] = true,
            ["resourceLocation"] = $"{Core.Address}api-invoker-management/v1/onboardedInvokers/on-{details["apiInvokerId"]!.GetValue<string>()}",
            ["apiInvokerEnrolmentDetails"] = details,
        };
        await invoker.CompleteOnboardingAsync(Encoding.UTF8.GetBytes(notification.ToJsonString()));
        Assert.True(invoker.IsOnboarded);
        await invoker.DiscoverAsync();
        await invoker.OffboardAsync();
        Assert.EndsWith("/on-invoker-1", Core.Requests.Last().Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnboardingDecidedAgainst_LeavesNothing()
    {
        Core.Instead = (http, _) =>
        {
            http.Response.StatusCode = (int)HttpStatusCode.Accepted;
            return Task.FromResult(true);
        };
        using var invoker = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath));
        await Assert.ThrowsAsync<CapifException>(() => invoker.CompleteOnboardingAsync("""{"result":false}"""u8.ToArray()));
        Assert.False(File.Exists(StatePath));
    }

    [Fact]
    public async Task OffboardingThatIsRefused_DeletesNothing_AndOneThatWasDoneBeforeDeletesAll_33122_6_8()
    {
        using var invoker = await ApiInvoker.OnboardAsync(Core.Enrolment(), Options(null, StatePath));
        var status = 503;
        Core.Instead = async (http, _) =>
        {
            await ForeignServer.ProblemAsync(http, status, null);
            return true;
        };
        await Assert.ThrowsAsync<CapifException>(() => invoker.OffboardAsync());
        Assert.True(File.Exists(StatePath));
        status = 404;
        await invoker.OffboardAsync();
        Assert.False(File.Exists(StatePath));
    }

    [Fact]
    public void WipedFile_IsZeros_BeforeItGoes()
    {
        var path = StatePath;
        StateFile.Write(path, "secret"u8);
        // Another name of the same file shows what was done to its octets.
        var link = path + ".link";
        Link(path, link);
        StateFile.Write(path, "another"u8);
        Assert.Equal(new byte[6], File.ReadAllBytes(link));
        Link(path, link + "2");
        StateFile.Wipe(path);
        Assert.False(File.Exists(path));
        Assert.Equal(new byte[7], File.ReadAllBytes(link + "2"));
    }

    [Fact]
    public void Secrets_ShowInNoText()
    {
        Assert.DoesNotContain(ForeignCore.Credential, Core.Enrolment().ToString(), StringComparison.Ordinal);
        var secrets = new StoredSecrets { PrivateKey = [1, 2, 3], OnboardingSecret = [4] };
        Assert.Equal(nameof(StoredSecrets), secrets.ToString());
        Assert.Equal(nameof(AccessTokenRsp), new AccessTokenRsp { AccessToken = "t", TokenType = "Bearer" }.ToString());
    }

    private static void Link(string path, string link)
    {
        using var process = System.Diagnostics.Process.Start("ln", [path, link]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
