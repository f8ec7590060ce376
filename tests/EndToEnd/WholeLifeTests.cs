using CapifOrleans.Silo.Commands;
using CapifOrleans.Testing;

namespace CapifOrleans.EndToEnd;

/// <summary>33.122 6.1 to 6.8: an API invoker's whole life, as a newcomer runs it.</summary>
public sealed class WholeLifeTests
{
    [EmbeddedFact("A core function of a cluster's database is no demonstration's to fill: it must be named.")]
    public async Task Demo_HoldsInEveryStep()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["demo"], output, error, new Dictionary<string, string>());
        Assert.True(exit == 0, output + error.ToString());
        Assert.Contains("All 24 steps held", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("psk", 15)]
    [InlineData("pki", 14)]
    [InlineData("oauth", 14)]
    public async Task Demo_HoldsByEachMethod_ThroughTheAef_33122_6_5_2(string method, int steps)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["demo", "--method", method], output, error, new Dictionary<string, string>());
        Assert.True(exit == 0, output + error.ToString());
        Assert.Contains($"All {steps} steps held", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_NamesAMethodThatIsNone()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.NotEqual(0, await CommandLine.RunAsync(["demo", "--method", "password"], output, error, new Dictionary<string, string>()));
        Assert.Contains("'password' is no security method; it is psk, pki or oauth", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DemoOfInterconnection_HoldsInEveryStep()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["demo", "--interconnection"], output, error, new Dictionary<string, string>());
        Assert.True(exit == 0, output + error.ToString());
        Assert.Contains("steps held", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_HoldsAgainstACoreFunctionThatIsNamed()
    {
        var fixture = new CoreFixture();
        await fixture.InitializeAsync();
        try
        {
            var folder = fixture.DataDirectory;
            var passwordFile = Path.Combine(folder, "password");
            await File.WriteAllTextAsync(passwordFile, fixture.Target.Password);
            using var output = new StringWriter();
            using var error = new StringWriter();
            string[] named =
            [
                "demo", "--core", fixture.Target.Core.ToString(), "--enrolment", fixture.Target.Enrolment.ToString(),
                "--root", Path.Combine(folder, "pki", "root.pem"), "--user", fixture.Target.UserName, "--password-file", passwordFile,
            ];
            var exit = await CommandLine.RunAsync(named, output, error, new Dictionary<string, string>());
            Assert.True(exit == 0, output + error.ToString());
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("localhost:8443")]
    [InlineData("http://localhost:8443")]
    public async Task Demo_NamesAnAddressThatIsNone(string address)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.NotEqual(0, await CommandLine.RunAsync(["demo", "--core", address], output, error, new Dictionary<string, string>()));
        Assert.Contains(address, error.ToString(), StringComparison.Ordinal);
    }
}
