using System.Text;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.ProviderManagement;
using static CapifOrleans.Grains.Tests.ProviderManagement.ProviderHost;

namespace CapifOrleans.Grains.Tests.ProviderManagement;

public sealed class UpdateTests
{
    [Fact]
    public async Task What_is_not_changed_keeps_identifiers_and_certificates()
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain");

        var after = await UpdatedAsync(host, before with { ApiProvDomInfo = "another text" });

        Assert.Equal("another text", after.ApiProvDomInfo);
        Assert.Equal(before.ApiProvFuncs!.Value.ToArray(), after.ApiProvFuncs!.Value.ToArray());
    }

    [Fact]
    public async Task The_same_keys_without_identifiers_are_the_same_functions()
    {
        await using var host = await StartAsync();
        var details = Details();
        var before = await host.RegisteredAsync("domain", details);

        var after = await UpdatedAsync(host, details);

        Assert.Equal(before.ApiProvFuncs!.Value.ToArray(), after.ApiProvFuncs!.Value.ToArray());
    }

    [Fact]
    public async Task Another_key_gets_another_certificate_and_the_old_one_is_refused()
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain");
        var apf = Find(before, ApiProviderFuncRole.Apf);
        var functions = before.ApiProvFuncs!.Value;

        var settled = host.Steps.Reach("Completed");
        var after = await UpdatedAsync(host, before with
        {
            ApiProvFuncs = functions.Replace(apf, apf with { RegInfo = new RegistrationInformation { ApiProvPubKey = SigningRequest() } }),
        });
        host.Host.Time.Advance(TimeSpan.FromSeconds(1));
        await settled;

        var renewed = Find(after, ApiProviderFuncRole.Apf);
        Assert.Equal(apf.ApiProvFuncId, renewed.ApiProvFuncId);
        Assert.NotNull(await host.IdentifyAsync(renewed));
        Assert.Null(await host.IdentifyAsync(apf));
        using var old = Certificate(apf);
        using var current = Certificate(renewed);
        Assert.True(await host.IsRevokedAsync(old));
        Assert.False(await host.IsRevokedAsync(current));
        // The old key is free for others.
        await host.RegisteredAsync("another", Details(New(ApiProviderFuncRole.Amf, apf.RegInfo.ApiProvPubKey)));
    }

    [Fact]
    public async Task A_function_may_come_and_one_that_is_left_out_goes()
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain");
        var aef = Find(before, ApiProviderFuncRole.Aef);

        var settled = host.Steps.Reach("Completed");
        var after = await UpdatedAsync(host, before with { ApiProvFuncs = before.ApiProvFuncs!.Value.Replace(aef, New(ApiProviderFuncRole.Apf)) });
        host.Host.Time.Advance(TimeSpan.FromSeconds(1));
        await settled;

        Assert.Equal(2, after.ApiProvFuncs!.Value.Count(one => one.ApiProvFuncRole == ApiProviderFuncRole.Apf));
        Assert.NotNull(await host.IdentifyAsync(after.ApiProvFuncs!.Value[2]));
        Assert.Null(await host.IdentifyAsync(aef));
        using var gone = Certificate(aef);
        Assert.True(await host.IsRevokedAsync(gone));
    }

    [Theory]
    [InlineData("apiProvDomId", ErrorKind.ModificationNotAllowed)]
    [InlineData("apiProvFuncs[0].apiProvFuncRole", ErrorKind.ModificationNotAllowed)]
    [InlineData("apiProvFuncs[0].apiProvFuncId", ErrorKind.InvalidRequest)]
    [InlineData("apiProvFuncs[1].apiProvFuncId", ErrorKind.InvalidRequest)]
    [InlineData("apiProvFuncs", ErrorKind.InvalidRequest)]
    [InlineData("suppFeat", ErrorKind.InvalidRequest)]
    public async Task What_may_not_change_is_named_and_nothing_changes(string attribute, ErrorKind kind)
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain");
        var functions = before.ApiProvFuncs!.Value;
        var wrong = attribute switch
        {
            "apiProvDomId" => before with { ApiProvDomId = "another" },
            "apiProvFuncs[0].apiProvFuncRole" => before with { ApiProvFuncs = functions.SetItem(0, functions[0] with { ApiProvFuncRole = ApiProviderFuncRole.Apf }) },
            "apiProvFuncs[0].apiProvFuncId" => before with { ApiProvFuncs = functions.SetItem(0, functions[0] with { ApiProvFuncId = "unknown" }) },
            "apiProvFuncs[1].apiProvFuncId" => before with
            {
                ApiProvFuncs = functions.SetItem(1, New(ApiProviderFuncRole.Amf) with { ApiProvFuncId = functions[0].ApiProvFuncId }),
            },
            "apiProvFuncs" => before with { ApiProvFuncs = functions.RemoveAt(0) },
            _ => before with { SuppFeat = null },
        };

        var refusal = (await host.Domain("domain").UpdateAsync(Identity(before, ApiProviderFuncRole.Amf), wrong, default)).Refusal;

        Assert.Equal(kind, refusal!.Kind);
        Assert.Equal(attribute, Assert.Single(refusal.InvalidParams).Param);
        foreach (var function in functions)
            Assert.NotNull(await host.IdentifyAsync(function));
    }

    [Fact]
    public async Task A_key_of_somebody_else_is_refused_and_nothing_changes()
    {
        await using var host = await StartAsync();
        var other = await host.RegisteredAsync("other");
        var before = await host.RegisteredAsync("domain");
        var functions = before.ApiProvFuncs!.Value;
        var fresh = New(ApiProviderFuncRole.Aef);

        var refusal = (await host.Domain("domain").UpdateAsync(
            Identity(before, ApiProviderFuncRole.Amf),
            before with
            {
                ApiProvFuncs = functions.SetItem(1, functions[1] with { RegInfo = other.ApiProvFuncs!.Value[1].RegInfo }).Add(fresh),
            },
            default)).Refusal;

        Assert.Equal("apiProvFuncs[1].regInfo.apiProvPubKey", Assert.Single(refusal!.InvalidParams).Param);
        foreach (var function in functions)
            Assert.NotNull(await host.IdentifyAsync(function));
        await host.RegisteredAsync("third", Details(New(ApiProviderFuncRole.Amf), fresh));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names()
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain");

        var after = (await PatchAsync(host, before, """{"apiProvDomInfo":"patched"}""")).Value!;

        Assert.Equal("patched", after.ApiProvDomInfo);
        Assert.Equal(before.ApiProvFuncs!.Value.ToArray(), after.ApiProvFuncs!.Value.ToArray());
    }

    [Theory]
    [InlineData("""{"suppFeat":"0"}""")]
    [InlineData("""{"apiProvDomId":"another"}""")]
    [InlineData("""{"regSec":"another"}""")]
    public async Task A_patch_of_anything_else_is_refused(string patch)
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain");

        Assert.Equal(ErrorKind.ModificationNotAllowed, (await PatchAsync(host, before, patch)).Refusal!.Kind);
    }

    [Fact]
    public async Task A_patch_without_the_feature_is_refused()
    {
        await using var host = await StartAsync();
        var before = await host.RegisteredAsync("domain", Details() with { SuppFeat = Features("0") });

        Assert.Equal(ErrorKind.Forbidden, (await PatchAsync(host, before, """{"apiProvDomInfo":"patched"}""")).Refusal!.Kind);
    }

    [Fact]
    public async Task An_unknown_registration_is_not_found()
    {
        await using var host = await StartAsync();
        var amf = new CallerIdentity { Role = CallerRole.Amf, Id = "amf", ApiProvDomId = "unknown" };

        Assert.Equal(ErrorKind.NotFound, (await host.Domain("unknown").UpdateAsync(amf, Details(), default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Domain("unknown").PatchAsync(amf, [.. "{}"u8], default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Domain("unknown").DeregisterAsync(amf, default)).Refusal!.Kind);
    }

    [Fact]
    public async Task A_kill_at_any_write_leaves_the_registration_before_or_after_an_update()
    {
        for (var writes = 0; ; writes++)
        {
            await using var host = await StartAsync();
            var before = await host.RegisteredAsync("domain");
            var functions = before.ApiProvFuncs!.Value;
            var wanted = before with
            {
                ApiProvFuncs = functions.SetItem(1, functions[1] with { RegInfo = new RegistrationInformation { ApiProvPubKey = SigningRequest() } })
                    .Add(New(ApiProviderFuncRole.Aef)),
            };
            host.WritesLeft = writes;
            var isDone = await TryUpdateAsync(host, wanted);

            await host.KillAndRestartAsync();
            host.Host.Time.Advance(TimeSpan.FromMinutes(2));
            // It waits behind the reminder.
            var found = (await PatchAsync(host, before, "{}")).Value!;

            foreach (var function in found.ApiProvFuncs!.Value)
                Assert.NotNull(await host.IdentifyAsync(function));
            using var old = Certificate(functions[1]);
            Assert.Equal(found.ApiProvFuncs!.Value.Length == 4, await host.IsRevokedAsync(old));
            var again = await UpdatedAsync(host, wanted);
            Assert.Equal(4, again.ApiProvFuncs!.Value.Length);
            Assert.NotNull(await host.IdentifyAsync(again.ApiProvFuncs!.Value[3]));
            if (isDone)
                return;
        }
    }

    private static async Task<bool> TryUpdateAsync(ProviderHost host, ApiProviderEnrolmentDetails wanted)
    {
        try
        {
            await UpdatedAsync(host, wanted);
            return true;
        }
        catch (Exception fault) when (StorageFault.Is(fault))
        {
            return false;
        }
    }

    private static async Task<ApiProviderEnrolmentDetails> UpdatedAsync(ProviderHost host, ApiProviderEnrolmentDetails details)
    {
        var outcome = await host.Domain("domain").UpdateAsync(new CallerIdentity { Role = CallerRole.Amf, Id = "amf", ApiProvDomId = "domain" }, details, default);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    private static Task<Outcome<ApiProviderEnrolmentDetails>> PatchAsync(ProviderHost host, ApiProviderEnrolmentDetails before, string patch) =>
        host.Domain("domain").PatchAsync(Identity(before, ApiProviderFuncRole.Amf), [.. Encoding.UTF8.GetBytes(patch)], default);
}
