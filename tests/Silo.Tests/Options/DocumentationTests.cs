using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Tests.Options;

/// <summary>docs/deploying.md says what the program does.</summary>
public class DocumentationTests
{
    [Fact]
    public void Deploying_HasARowForEverySetting_AndNoOther()
    {
        var documented = File.ReadLines(Path.Combine(Repository(), "docs", "deploying.md")).Where(line => line.StartsWith("| `--", StringComparison.Ordinal)
            || line.StartsWith("| – | `CAPIF_", StringComparison.Ordinal));

        Assert.Equal(string.Join('\n', Settings.All.Select(Row)), string.Join('\n', documented));
    }

    private static string Row(Setting setting) =>
        $"| {(setting.IsSecret ? "–" : $"`{setting.OptionName}`")} | `{setting.VariableName}` | {setting.Default ?? "–"} | {setting.Help} |";

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CapifOrleans.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
