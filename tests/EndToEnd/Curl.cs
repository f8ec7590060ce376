using System.Diagnostics;

namespace CapifOrleans.EndToEnd;

/// <summary>Runs curl to its end.</summary>
internal static class Curl
{
    internal static async Task<(int Exit, string Output)> RunAsync(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("curl", "--silent --show-error " + arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + error);
    }
}
