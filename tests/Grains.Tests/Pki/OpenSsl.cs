using System.Diagnostics;

namespace CapifOrleans.Grains.Tests.Pki;

/// <summary>The openssl tool in a temporary folder: a second opinion on what we make, and a source of what clients send.</summary>
internal sealed class OpenSsl : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("capif-openssl-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Runs it; its output where it succeeded.</summary>
    public async Task<string> RunAsync(string arguments)
    {
        var (exitCode, output) = await TryAsync(arguments);
        Assert.True(exitCode == 0, $"openssl {arguments}: {output}");
        return output;
    }

    /// <summary>Runs it; its exit code and what it wrote.</summary>
    public async Task<(int ExitCode, string Output)> TryAsync(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>A signing request made with a new key of this kind.</summary>
    public async Task<string> RequestAsync(string newKey)
    {
        await RunAsync($"req -new -newkey {newKey} -nodes -keyout key.pem -subj /CN=whoever -out request.pem");
        return await File.ReadAllTextAsync(this["request.pem"]);
    }

    /// <summary>The bare public key of a new key of this kind.</summary>
    public async Task<string> PublicKeyAsync(string newKey)
    {
        await RunAsync($"genpkey {newKey} -out key.pem");
        return await RunAsync("pkey -in key.pem -pubout");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
