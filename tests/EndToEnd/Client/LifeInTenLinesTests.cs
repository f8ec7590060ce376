using CapifOrleans.EndToEnd.Exposure;

namespace CapifOrleans.EndToEnd.Client;

/// <summary>The README's API invoker, compiled and run.</summary>
[Collection(nameof(AefCollection))]
public sealed class LifeInTenLinesTests(AefFixture aef)
{
    [Fact]
    public async Task Readme_ShowsWhatIsRunHere()
    {
        var root = Root();
        var source = await File.ReadAllTextAsync(Path.Combine(root, "tests", "EndToEnd", "Client", "LifeInTenLines.cs"));
        var readme = await File.ReadAllTextAsync(Path.Combine(root, "README.md"));
        Assert.Equal(Lines(Between(source, "// README: begin\n", "        // README: end")), Lines(Between(readme, "```csharp\n", "```")));
    }

    [Fact]
    public async Task Life_GoesFromEnrolmentToOffboarding()
    {
        var state = Path.Combine(aef.File("life"), "invoker.json");
        Directory.CreateDirectory(aef.File("life"));
        var target = aef.Core.Target;
        Assert.Equal("GET /inner/v1/things", await LifeInTenLines.RunAsync(target.Root.ExportCertificatePem(), target.Enrolment, target.Password, state));
        Assert.False(File.Exists(state));
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string Between(string text, string begin, string end)
    {
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CapifOrleans.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
