using System.Diagnostics;

namespace CapifOrleans.EndToEnd;

/// <summary>Runs openssl to its end.</summary>
internal static class OpenSsl
{
    internal static async Task<(int Exit, string Output)> RunAsync(string arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + error);
    }
}
