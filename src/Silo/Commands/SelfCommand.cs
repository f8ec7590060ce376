using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Commands;

/// <summary>How the person who started this program would start it again, with another command.</summary>
internal static class SelfCommand
{
    /// <summary>Makes such command lines; they name the data folder where it is not the usual one.</summary>
    public static Func<string, string> Text(SiloOptions options)
    {
        var program = Program();
        var folder = options.DataDirectory == new SiloOptions().DataDirectory ? "" : $" --data-dir {Quote(options.DataDirectory)}";
        return command => $"{program} {command}{folder}";
    }

    private static string Program()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "CapifOrleans.Silo.dll");
        // A build in the source tree: what the README says.
        if (File.Exists(Path.Combine("src", "Silo", "Silo.csproj")) && assembly.StartsWith(Path.GetFullPath("src"), StringComparison.Ordinal))
            return "dotnet run --project src/Silo --";
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? $"dotnet {Quote(assembly)}" : Quote(Environment.ProcessPath!);
    }

    private static string Quote(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
