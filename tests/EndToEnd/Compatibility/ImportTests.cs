using CapifOrleans.Silo.Commands;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>docs/migrating-from-opencapif.md: users and published service APIs, from what mongoexport writes.</summary>
public sealed class ImportTests(OpenCapifFixture fixture) : CompatibilityTest(fixture)
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-import-");

    [Fact]
    public async Task Users_HaveAccounts_WithTheirPasswordOrANewOne()
    {
        var (plain, hashed) = ("plain-" + Guid.NewGuid().ToString("N"), "hashed-" + Guid.NewGuid().ToString("N"));
        var file = await WriteAsync($$$$"""
            {"_id":{"$oid":"64b0c0ffee"},"uuid":"1","username":"{{{{plain}}}}","password":"secret","email":"a@b.test","onboarding_date":{"$date":"2025-01-01T00:00:00Z"}}
            {"_id":{"$oid":"64b0c0ffef"},"uuid":"2","username":"{{{{hashed}}}}","password":{"$binary":{"base64":"JDJiJDEyJA==","subType":"00"}}}
            """);
        var passwords = Path.Combine(_folder.FullName, "passwords");

        var told = await Fixture.CommandAsync("import-opencapif", "users", file, "--passwords", passwords);

        Assert.Contains(plain + " ", told, StringComparison.Ordinal);
        var line = Assert.Single(await File.ReadAllLinesAsync(passwords)).Split(' ');
        Assert.Equal(hashed, line[0]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(passwords));
        Assert.Equal(200, (await Client.GetAuthAsync(plain, "secret")).Status);
        Assert.Equal(200, (await Client.GetAuthAsync(hashed, line[1])).Status);
        var again = await Fixture.CommandAsync("import-opencapif", "users", file, "--passwords", passwords + "2");
        Assert.Contains(plain + " exists already", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_ArePublishedByTheirNewApf_AndDiscovered()
    {
        var (provider, invoker) = (await Life.ProviderAsync(), await Life.InvokerAsync());
        var file = await WriteAsync("""
            [{"_id":{"$oid":"64"},"api_name":"imported","api_id":"old-api","apf_id":"APFold","description":null,"supported_features":"020",
              "api_status":{"aef_ids":["AEFold"]},"service_api_category":"string","onboarding_date":{"$date":{"$numberLong":"1700000000000"}},
              "shareable_info":{"is_shareable":true,"capif_prov_doms":["string"]},
              "aef_profiles":[{"aef_id":"AEFold","protocol":"HTTP_1_1","data_format":"JSON","security_methods":["OAUTH"],"domain_name":null,
                "interface_descriptions":[{"ipv4_addr":"string","port":{"$numberInt":"65535"},"security_methods":["OAUTH"],"ipv6_addr":null}],
                "versions":[{"api_version":"v1","expiry":{"$date":"2021-11-30T10:32:02.004Z"},
                  "resources":[{"resource_name":"r","comm_type":"REQUEST_RESPONSE","uri":"/r","cust_op_name":"c","operations":["GET"]}]}]}]}]
            """);
        string[] maps = ["--map", $"APFold={provider.Apf.Id}", "--map", $"AEFold={provider.Aef.Id}"];

        await Fixture.CommandAsync(["import-opencapif", "services", file, .. maps]);

        var found = Of(await Life.DiscoverAsync(invoker, "&api-name=imported"), 200, "DiscoveredAPIs")["serviceAPIDescriptions"]![0]!;
        Assert.Equal("string", (string?)found["serviceAPICategory"]);
        Assert.Equal(provider.Aef.Id, (string?)found["apiStatus"]!["aefIds"]![0]);
        Assert.Equal(65535, (int)found["aefProfiles"]![0]!["interfaceDescriptions"]![0]!["port"]!);
        Assert.Equal("2021-11-30T10:32:02.004Z", (string?)found["aefProfiles"]![0]!["versions"]![0]!["expiry"]);
        Assert.NotEqual("old-api", (string?)found["apiId"]);
        Assert.Contains("imported exists already", await Fixture.CommandAsync(["import-opencapif", "services", file, .. maps]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"apf_id":"APFold","api_name":"a","aef_profiles":[{"aef_id":"AEFother"}]}""", "AEFother")]
    [InlineData("""{"api_name":"a"}""", "without apf_id")]
    [InlineData("not JSON", "mongoexport")]
    public async Task Services_ThatCannotBe_AreNamed_AndNothingIsPublished(string text, string named)
    {
        var file = await WriteAsync("""{"apf_id":"APFold","api_name":"first"}""" + "\n" + text);

        var (exit, error) = await FailAsync("import-opencapif", "services", file, "--map", "APFold=new");

        Assert.Equal(ExitCodes.Failed, exit);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_ForAnApfThatIsNotRegistered_AreNamed()
    {
        var file = await WriteAsync("""{"apf_id":"APFold","api_name":"first"}""");

        var (exit, error) = await FailAsync("import-opencapif", "services", file, "--map", "APFold=nobody");

        Assert.Equal(ExitCodes.Failed, exit);
        Assert.Contains("first: apfId: nobody is no APF", error, StringComparison.Ordinal);
    }

    private async Task<string> WriteAsync(string text)
    {
        var file = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private async Task<(int Exit, string Error)> FailAsync(params string[] command)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exit = await CommandLine.RunAsync([.. command, "--data-dir", Fixture.DataDirectory], output, error, new System.Collections.Hashtable());
        return (exit, error.ToString());
    }
}
