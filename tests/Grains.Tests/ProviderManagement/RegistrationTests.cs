using System.Security.Cryptography;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.ProviderManagement;
using static CapifOrleans.Grains.Tests.ProviderManagement.ProviderHost;

namespace CapifOrleans.Grains.Tests.ProviderManagement;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Registration_gives_each_function_an_identifier_and_a_certificate_for_its_key()
    {
        await using var host = await StartAsync();
        var details = Details();

        var registered = await host.RegisteredAsync("domain", details);

        Assert.Equal("domain", registered.ApiProvDomId);
        Assert.Equal("1", registered.SuppFeat?.Text);
        Assert.Equal(details.RegSec, registered.RegSec);
        var functions = registered.ApiProvFuncs!.Value;
        Assert.Equal(3, functions.Select(one => one.ApiProvFuncId).Distinct().Count());
        foreach (var (function, index) in functions.Select((one, index) => (one, index)))
        {
            Assert.Matches("^[0-9a-zA-Z]+$", function.ApiProvFuncId);
            Assert.Equal(details.ApiProvFuncs!.Value[index].ApiProvFuncInfo, function.ApiProvFuncInfo);
            using var certificate = Certificate(function);
            Assert.Equal($"CN={function.ApiProvFuncId}", certificate.Subject);
            var identity = await host.IdentifyAsync(function);
            Assert.Equal(Identity(registered, function.ApiProvFuncRole) with { CertificateExpiresAt = certificate.NotAfter.ToUniversalTime() }, identity);
        }
    }

    [Fact]
    public async Task A_bare_public_key_is_certified_as_well()
    {
        await using var host = await StartAsync();
        using var key = RSA.Create(2048);

        var registered = await host.RegisteredAsync("domain", Details(New(ApiProviderFuncRole.Amf, key.ExportSubjectPublicKeyInfoPem())));

        using var certificate = Certificate(Find(registered, ApiProviderFuncRole.Amf));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    public static TheoryData<string, ErrorKind> Refused { get; } = new()
    {
        { "regSec", ErrorKind.InvalidRequest },
        { "suppFeat", ErrorKind.InvalidRequest },
        { "apiProvDomId", ErrorKind.InvalidRequest },
        { "apiProvFuncs", ErrorKind.InvalidRequest },
        { "apiProvFuncs[1].apiProvFuncId", ErrorKind.InvalidRequest },
        { "apiProvFuncs[2].regInfo.apiProvPubKey", ErrorKind.InvalidRequest },
        { "apiProvFuncs[3].regInfo.apiProvPubKey", ErrorKind.InvalidRequest },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_named_and_nothing_is_registered(string attribute, ErrorKind kind)
    {
        await using var host = await StartAsync();
        var details = Details();
        var functions = details.ApiProvFuncs!.Value;
        var wrong = attribute switch
        {
            "regSec" => details with { RegSec = "" },
            "suppFeat" => details with { SuppFeat = null },
            "apiProvDomId" => details with { ApiProvDomId = "domain" },
            "apiProvFuncs" => details with { ApiProvFuncs = functions.RemoveAt(0) },
            "apiProvFuncs[1].apiProvFuncId" => details with { ApiProvFuncs = functions.SetItem(1, functions[1] with { ApiProvFuncId = "mine" }) },
            "apiProvFuncs[2].regInfo.apiProvPubKey" => details with { ApiProvFuncs = functions.SetItem(2, New(ApiProviderFuncRole.Aef, "no key")) },
            _ => details with { ApiProvFuncs = functions.Add(New(ApiProviderFuncRole.Aef, functions[0].RegInfo.ApiProvPubKey)) },
        };

        var refusal = (await host.RegisterAsync("domain", wrong)).Refusal;

        Assert.Equal(kind, refusal!.Kind);
        Assert.Equal(attribute, Assert.Single(refusal.InvalidParams).Param);
        await host.RegisteredAsync("another", details);
    }

    [Fact]
    public async Task A_request_whose_signature_is_wrong_is_refused()
    {
        await using var host = await StartAsync();
        var pem = SigningRequest();
        var der = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        der[^1] ^= 1;

        var refusal = (await host.RegisterAsync("domain", Details(New(ApiProviderFuncRole.Amf, PemEncoding.WriteString("CERTIFICATE REQUEST", der))))).Refusal;

        Assert.Equal("apiProvFuncs[0].regInfo.apiProvPubKey", Assert.Single(refusal!.InvalidParams).Param);
    }

    [Fact]
    public async Task More_than_64_functions_are_refused()
    {
        await using var host = await StartAsync();
        var key = SigningRequest();

        var refusal = (await host.RegisterAsync("domain", Details([.. Enumerable.Repeat(New(ApiProviderFuncRole.Amf, key), 65)]))).Refusal;

        Assert.Equal("apiProvFuncs", Assert.Single(refusal!.InvalidParams).Param);
    }

    [Fact]
    public async Task A_key_that_is_registered_is_refused_and_the_others_of_the_request_stay_free()
    {
        await using var host = await StartAsync();
        var first = Details();
        await host.RegisteredAsync("first", first);
        var fresh = Details();
        var taken = first.ApiProvFuncs!.Value[2];

        var refusal = (await host.RegisterAsync("second", fresh with { ApiProvFuncs = fresh.ApiProvFuncs!.Value.SetItem(2, taken) })).Refusal;

        Assert.Equal(ErrorKind.AlreadyExists, refusal!.Kind);
        Assert.Equal("apiProvFuncs[2].regInfo.apiProvPubKey", Assert.Single(refusal.InvalidParams).Param);
        await host.RegisteredAsync("third", fresh);
    }

    [Fact]
    public async Task Of_registrations_with_one_key_at_the_same_time_one_succeeds()
    {
        await using var host = await StartAsync();
        var key = SigningRequest();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            index => host.RegisterAsync($"domain{index}", Details(New(ApiProviderFuncRole.Amf, key)))));

        Assert.Single(outcomes, one => one.Refusal is null);
        Assert.Equal(7, outcomes.Count(one => one.Refusal?.Kind == ErrorKind.AlreadyExists));
    }

    [Fact]
    public async Task Security_information_is_not_stored()
    {
        await using var host = await StartAsync();
        await host.RegisteredAsync("domain", Details() with { RegSec = "a-credential-that-nobody-may-keep" });
        await host.Host.RestartAsync();

        var files = Directory.GetFiles(host.Host.Folder, "*", SearchOption.AllDirectories);
        foreach (var file in files)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain("a-credential-that-nobody-may-keep", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_kill_at_any_write_leaves_all_or_nothing_of_a_registration()
    {
        for (var writes = 0; ; writes++)
        {
            await using var host = await StartAsync();
            var details = Details();
            host.WritesLeft = writes;
            var isDone = await TryAsync(host.RegisterAsync("domain", details));

            await host.KillAndRestartAsync();
            host.Host.Time.Advance(TimeSpan.FromMinutes(2));
            // It waits behind the reminder, which takes back what was not committed.
            var outcome = await host.Domain("domain").PatchAsync(SomeAmf, [.. "{}"u8], default);

            if (isDone)
            {
                Assert.Null(outcome.Refusal);
                return;
            }

            if (outcome.Refusal is not null)
            {
                Assert.Equal(ErrorKind.NotFound, outcome.Refusal.Kind);
                await host.RegisteredAsync("again", details);
            }
            else
            {
                // Committed, only the answer was lost: it works as if it had been given.
                Assert.NotNull(await host.IdentifyAsync(Find(outcome.Value!, ApiProviderFuncRole.Amf)));
            }
        }
    }

    private static CallerIdentity SomeAmf { get; } = new() { Role = CallerRole.Amf, Id = "amf", ApiProvDomId = "domain" };

    private static async Task<bool> TryAsync(Task<Outcome<ApiProviderEnrolmentDetails>> registration)
    {
        try
        {
            Assert.Null((await registration).Refusal);
            return true;
        }
        catch (Exception fault) when (StorageFault.Is(fault))
        {
            return false;
        }
    }
}
