using System.Diagnostics;

namespace CapifOrleans.Tls.Tests;

/// <summary>Runs openssl and curl to their end.</summary>
internal static class Command
{
    internal static Task<(int Exit, string Output)> OpenSslAsync(string arguments, string input = "") => RunAsync("openssl", arguments, input);

    internal static Task<(int Exit, string Output)> CurlAsync(string arguments) => RunAsync("curl", $"--silent --show-error {arguments}", "");

    private static async Task<(int Exit, string Output)> RunAsync(string program, string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
