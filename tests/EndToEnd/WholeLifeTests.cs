using CapifOrleans.Silo.Commands;

namespace CapifOrleans.EndToEnd;

/// <summary>33.122 6.1 to 6.8: an API invoker's whole life, as a newcomer runs it.</summary>
public sealed class WholeLifeTests
{
    [Fact]
    public async Task Demo_HoldsInEveryStep()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(["demo"], output, error, new Dictionary<string, string>());
        Assert.True(exit == 0, output + error.ToString());
        Assert.Contains("All 24 steps held", output.ToString(), StringComparison.Ordinal);
    }
}
