using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CapifOrleans.Silo.Tests.Processes;

/// <summary>The program as an operator starts and stops it.</summary>
public sealed class ServeTests : IDisposable
{
    private static readonly string[] AnyPorts = ["--core-port", "0", "--enrolment-port", "0", "--operations-port", "0"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-serve-");

    [Fact]
    public async Task Serve_SaysWhereEverythingIs_AndIsReady_AndStopsOnSigterm()
    {
        using var process = Start(AnyPorts);
        await process.ReadyAsync();

        Assert.Contains("CAPIF-1/1e, CAPIF-3, CAPIF-4, CAPIF-5", process.Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_folder.FullName, "capif-data", "pki", "root.pem"), process.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "capif-data", "pki", "root.pem")));
        Assert.NotEqual(0, process.Address("core").Port);
        using var http = new HttpClient { BaseAddress = process.Address("operations") };
        Assert.Equal("{\"status\":\"ready\"}", await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
        Assert.Equal("{\"status\":\"live\"}", await http.GetStringAsync(new Uri("/health/live", UriKind.Relative)));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "capif-data", "control.sock")));

        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "capif-data", "control.sock")));
    }

    [Fact]
    public async Task Serve_IsTheDefault_AndStartsAgainOnItsFolder_WithTheSameRoot()
    {
        string? root = null;
        foreach (var args in new[] { AnyPorts, ["serve", .. AnyPorts] })
        {
            using var process = Start(args);
            await process.ReadyAsync();
            var now = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "capif-data", "pki", "root.pem"));
            Assert.Equal(root ?? now, now);
            root = now;
            process.Terminate();
            Assert.Equal(0, await process.ExitAsync());
        }
    }

    [Fact]
    public async Task PortInUse_IsOneLine_AndLeavesNothing()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (exitCode, output, error) = await SiloProcess.RunAsync(
            _folder.FullName, ["--core-port", "0", "--enrolment-port", "0", "--operations-port", $"{port}"]);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Equal(
            $"capif: port {port} (operations) is in use; stop the program that listens there, or choose another with --operations-port.\n", error);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task FileInPlaceOfTheDataFolder_IsOneLine()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");

        var (exitCode, output, error) = await SiloProcess.RunAsync(_folder.FullName, [.. AnyPorts, "--data-dir", file]);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Equal($"capif: data folder {file}: is a file, not a folder; choose another with --data-dir.\n", error);
    }

    [Fact]
    public async Task WrongOptions_AreTold_AndNothingIsMade()
    {
        var (exitCode, output, error) = await SiloProcess.RunAsync(
            _folder.FullName, ["--core-prot", "1", "--enrolment-port", "x"], environment: new() { ["CAPIF_HOTS"] = "a" });

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.Contains("capif: Unrecognized command or argument '--core-prot'", error, StringComparison.Ordinal);
        Assert.Contains("capif: --enrolment-port: 'x' is not a whole number from 0 to 65535.\n", error, StringComparison.Ordinal);
        Assert.Contains("capif: CAPIF_HOTS: there is no such setting", error, StringComparison.Ordinal);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task WrongKey_IsOneLine_AndChangesNothing()
    {
        using (var process = Start(AnyPorts, new() { ["CAPIF_KEY"] = "the right key to begin with" }))
        {
            await process.ReadyAsync();
            process.Terminate();
            Assert.Equal(0, await process.ExitAsync());
        }

        var before = Files();
        var (exitCode, _, error) = await SiloProcess.RunAsync(
            _folder.FullName, AnyPorts, environment: new() { ["CAPIF_KEY"] = "another key than that" });

        Assert.Equal(1, exitCode);
        Assert.StartsWith("capif: ", error, StringComparison.Ordinal);
        Assert.Contains("key-encryption key", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task SecondProcessOnAFolder_IsRefused_AndTheFirstGoesOn()
    {
        using var first = Start(AnyPorts);
        await first.ReadyAsync();

        var (exitCode, _, error) = await SiloProcess.RunAsync(_folder.FullName, AnyPorts);

        Assert.Equal(1, exitCode);
        Assert.EndsWith("another core function runs on it; stop it, or choose another with --data-dir.\n", error, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = first.Address("operations") };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task KilledProcess_LeavesAFolderThatStartsAgain()
    {
        using (var first = Start(AnyPorts))
        {
            await first.ReadyAsync();
            using var process = Process.GetProcessById(first.Id);
            process.Kill();
            await first.ExitAsync();
        }

        using var second = Start(AnyPorts);
        await second.ReadyAsync();
        second.Terminate();
        Assert.Equal(0, await second.ExitAsync());
    }

    [Fact]
    public async Task ConfigurationFileOfTheWorkingFolder_IsRead_AndTheLogIsJsonLines()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "capif.json"),
            """{ "data-dir": "elsewhere", "core-port": 0, "enrolment-port": 0, "operations-port": 0 }""");
        using var process = Start([]);
        await process.ReadyAsync();
        Assert.True(Directory.Exists(Path.Combine(_folder.FullName, "elsewhere")));
        var add = await SiloProcess.RunAsync(_folder.FullName, ["user", "add", "alice"], "a password of alice\n");
        Assert.Equal(0, add.ExitCode);
        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());

        var entries = process.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(entries, entry => entry.GetProperty("message").GetString()!.StartsWith("Account alice ", StringComparison.Ordinal));
        Assert.DoesNotContain("a password of alice", process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_NamesEveryOption()
    {
        var (exitCode, output, _) = await SiloProcess.RunAsync(_folder.FullName, ["--help"]);

        Assert.Equal(0, exitCode);
        Assert.All(
            CapifOrleans.Silo.Options.Settings.All.Where(setting => !setting.IsSecret),
            setting => Assert.Contains(setting.OptionName, output, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private SiloProcess Start(string[] args, Dictionary<string, string>? environment = null) =>
        SiloProcess.Start(_folder.FullName, args, environment: environment);

    private List<(string, long, DateTime)> Files() =>
        [.. _folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension != ".db")
            .OrderBy(file => file.FullName).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc))];
}
