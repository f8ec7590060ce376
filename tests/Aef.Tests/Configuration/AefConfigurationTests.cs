using CapifOrleans.Aef.Configuration;

namespace CapifOrleans.Aef.Tests.Configuration;

/// <summary>What is wrong with a configuration is named; what is right is read, with its defaults.</summary>
public sealed class AefConfigurationTests : IDisposable
{
    private const string Api = """{ "apiName": "location", "upstream": "http://127.0.0.1:1/x" }""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-aef-config-");

    [Fact]
    public void Least_HasItsDefaults_AndPathsBesideTheFile()
    {
        var read = Read($$"""{ "core": { "address": "https://core:8443", "root": "root.pem" }, "serviceApis": [{{Api}}] }""");
        Assert.Equal(Path.Combine(_folder.FullName, "aef-data"), read.Folder);
        Assert.Equal(Path.Combine(_folder.FullName, "root.pem"), read.Core!.Root);
        Assert.Equal((8444, "localhost"), (read.Listen.Port, read.Listen.Host));
        Assert.Equal(3, read.ServiceApis[0].SecurityMethods.Length);
        Assert.Equal("v1", Assert.Single(read.ServiceApis[0].Versions));
        Assert.Equal("/.well-known/jwks.json", read.Core.TokenKeys);
    }

    [Theory]
    [InlineData("""{ "serviceApis": [] }""", "serviceApis: must name at least one")]
    [InlineData("""{ "typo": 1, "serviceApis": [] }""", "typo")]
    [InlineData("""{ "core": { "address": "http://core", "root": "r" }, "serviceApis": [API] }""", "core.address: must be an https")]
    [InlineData("""{ "listen": { "port": 70000 }, "serviceApis": [API] }""", "listen.port")]
    [InlineData("""{ "listen": { "host": "a b" }, "serviceApis": [API] }""", "listen.host")]
    [InlineData("""{ "listen": { "address": "here" }, "serviceApis": [API] }""", "listen.address")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a/b" }] }""", "serviceApis[0].apiName")]
    [InlineData("""{ "serviceApis": [{ "apiName": ".." }] }""", "serviceApis[0].apiName")]
    [InlineData("""{ "serviceApis": [{ "apiName": "aef-security" }] }""", "serviceApis[0].apiName")]
    [InlineData("""{ "serviceApis": [API, API] }""", "serviceApis[1].versions: v1 of location is there twice")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a", "upstream": "ftp://x" }] }""", "serviceApis[0].upstream")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a", "upstream": "http://u:p@x" }] }""", "serviceApis[0].upstream")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a", "securityMethods": ["PSK", "PSK"] }] }""", "serviceApis[0].securityMethods")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a", "securityMethods": ["BASIC"] }] }""", "securityMethods")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a", "upstreamTimeoutSeconds": 0 }] }""", "serviceApis[0].upstreamTimeoutSeconds")]
    [InlineData("""{ "serviceApis": [{ "apiName": "a", "resources": [{ "name": "x", "uri": "y" }] }] }""", "serviceApis[0].resources")]
    [InlineData("""{ "logs": { "maxMegabytes": 0 }, "serviceApis": [API] }""", "logs.maxMegabytes")]
    [InlineData("nonsense", "aef.json")]
    public void Wrong_IsNamed(string json, string named) =>
        Assert.Contains(named, Assert.Throws<AefConfigurationException>(() => Read(json.Replace("API", Api, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Fact]
    public void NotRegisteredYet_IsNobody() => Assert.Null(AefIdentity.Read(Read($$"""{ "serviceApis": [{{Api}}] }""")));

    [Fact]
    public void ExampleOfTheDocumentation_IsRead()
    {
        var text = File.ReadAllText(Path.Combine(Repository(), "docs", "exposure.md"));
        var json = text[(text.IndexOf("```json", StringComparison.Ordinal) + 7)..];
        Assert.Equal("location", Read(json[..json.IndexOf("```", StringComparison.Ordinal)]).ServiceApis[0].ApiName);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private AefConfiguration Read(string json)
    {
        var path = Path.Combine(_folder.FullName, "aef.json");
        File.WriteAllText(path, json);
        return AefConfigurationFile.Read(path);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CapifOrleans.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
