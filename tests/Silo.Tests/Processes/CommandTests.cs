using System.Diagnostics;

namespace CapifOrleans.Silo.Tests.Processes;

/// <summary>The operator's commands, with a running core function and without.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string[] AnyPorts = ["--core-port", "0", "--enrolment-port", "0", "--operations-port", "0"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-command-");

    [Fact]
    public async Task Users_AreManaged_WithARunningCoreFunctionAndWithout()
    {
        using (var process = await StartAsync())
        {
            await SucceedAsync(["user", "add", "admin", "--administrator"], "admin password\n");
            await UsersAreManagedAsync("bob");
            Assert.Contains("ready, process " + process.Id, await SucceedAsync(["status"]), StringComparison.Ordinal);
            process.Terminate();
            Assert.Equal(0, await process.ExitAsync());
        }

        await UsersAreManagedAsync("carol");
        var (exitCode, output, _) = await RunAsync(["status"]);
        Assert.Equal(3, exitCode);
        Assert.StartsWith("not running on ", output, StringComparison.Ordinal);
        Assert.Contains(" administrator ", await SucceedAsync(["user", "list"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_AreIssued_WithARunningCoreFunctionAndWithout()
    {
        using (var process = await StartAsync())
        {
            await CertificatesAreIssuedAsync();
            process.Terminate();
            Assert.Equal(0, await process.ExitAsync());
        }

        await CertificatesAreIssuedAsync();
    }

    [Fact]
    public async Task TokenKeys_AreRotated_WithARunningCoreFunctionAndWithout()
    {
        using (var process = await StartAsync())
        {
            Assert.Contains(" ES256 next ", await SucceedAsync(["keys", "rotate"]), StringComparison.Ordinal);
            Assert.Contains(" ES256 current ", await SucceedAsync(["keys", "rotate", "--now"]), StringComparison.Ordinal);
            process.Terminate();
            Assert.Equal(0, await process.ExitAsync());
        }

        Assert.Contains(" ES256 current ", await SucceedAsync(["keys", "rotate", "--now"]), StringComparison.Ordinal);
        var listed = (await SucceedAsync(["keys", "list"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("previous previous current", string.Join(' ', listed.Select(line => line.Split(' ')[2])));
    }

    [Fact]
    public async Task ResourceOwners_AreManaged_WithARunningCoreFunctionAndWithout()
    {
        const string Gpsi = "msisdn-441234567890";
        using (var process = await StartAsync())
        {
            await SucceedAsync(["resource-owner", "add", Gpsi], "a long password\n");
            var (exitCode, _, error) = await RunAsync(["resource-owner", "add", Gpsi], "a long password\n");
            Assert.Equal(1, exitCode);
            Assert.Contains("already", error, StringComparison.Ordinal);
            process.Terminate();
            Assert.Equal(0, await process.ExitAsync());
        }

        Assert.StartsWith(Gpsi + " ", await SucceedAsync(["resource-owner", "list"]), StringComparison.Ordinal);
        await SucceedAsync(["resource-owner", "remove", Gpsi]);
        Assert.Equal("", await SucceedAsync(["resource-owner", "list"]));
        Assert.Equal(2, (await RunAsync(["resource-owner", "add", "nobody"])).ExitCode);
    }

    [Fact]
    public async Task Commands_MakeNoFolder()
    {
        foreach (var args in new[] { new[] { "user", "list" }, ["pki", "root"] })
        {
            var (exitCode, output, error) = await RunAsync(args);
            Assert.Equal(1, exitCode);
            Assert.Equal("", output);
            Assert.Contains("start the core function once (serve), or correct --data-dir.", error, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task WrongPolicies_AreRefused()
    {
        using var process = await StartAsync();
        await FailAsync(["policy", "set", "nothing", "--total", "5"], "There is no published service API of this identifier.");
        await FailAsync(["policy", "list", "nothing"], "There is no published service API of this identifier.");
        await FailAsync(["policy", "remove", "nothing", "--invoker", "a"], "There is no published service API of this identifier.");
        await FailAsync(["policy", "set", "nothing", "--time-range", "8:00/9:00"], "--time-range: '8:00/9:00' is not two RFC 3339 times");
        await FailAsync(["policy", "set", "nothing", "--slice", "256"], "--slice: '256' is no slice");
        await FailAsync(["policy", "set", "nothing", "--total", "-5"], "allowedTotalInvocations: must not be negative");
    }

    [Fact]
    public async Task WrongRequestsForCertificates_AreRefused()
    {
        using var process = await StartAsync();
        await OpenSslAsync("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem");
        await OpenSslAsync("req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-out", "good.csr");
        var text = await File.ReadAllTextAsync(In("good.csr"));
        await File.WriteAllTextAsync(In("bad.csr"), text.Replace("MI", "MJ", StringComparison.Ordinal));

        await FailAsync(["pki", "issue", "--csr", "bad.csr", "--role", "server", "--cn", "a.example"], "csr: ");
        await FailAsync(["pki", "issue", "--csr", "good.csr", "--role", "emperor"], "role: must be server or superadmin");
        await FailAsync(["pki", "issue", "--csr", "good.csr", "--role", "server"], "host: is missing");
        await FailAsync(["pki", "issue", "--csr", "good.csr", "--role", "superadmin", "--cn", "a b"], "cn: must be ");
        await FailAsync(["pki", "issue", "--csr", "none.csr", "--role", "server"], "--csr none.csr: cannot be read");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task UsersAreManagedAsync(string name)
    {
        await File.WriteAllTextAsync(In("password"), "a long password\n");
        var made = await SucceedAsync(["user", "add", name, "--password-file", "password"]);
        await FailAsync(["user", "add", name, "--password-file", "password"], "There is an account of this name already.");
        await FailAsync(["user", "add", "dave"], "password: must have at least 10 characters", "short\n");
        await FailAsync(["user", "add", "d ave"], "username: must be 1 to 64", "a long password\n");
        Assert.Contains(made.Trim() + " user ", await SucceedAsync(["user", "list"]), StringComparison.Ordinal);
        await SucceedAsync(["user", "remove", name]);
        Assert.DoesNotContain(name, await SucceedAsync(["user", "list"]), StringComparison.Ordinal);
        await FailAsync(["user", "remove", name], "There is no such account.");
    }

    private async Task CertificatesAreIssuedAsync()
    {
        await File.WriteAllTextAsync(In("root.pem"), await SucceedAsync(["pki", "root"]));
        await OpenSslAsync("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-subj", "/CN=ignored", "-out", "request.csr");

        await File.WriteAllTextAsync(
            In("server.pem"),
            await SucceedAsync(["pki", "issue", "--csr", "request.csr", "--role", "server", "--host", "aef.example", "--host", "10.0.0.1"]));
        await OpenSslAsync("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "aef.example", "-CAfile", "root.pem", "-untrusted", "server.pem", "server.pem");
        await OpenSslAsync("verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip", "10.0.0.1", "-CAfile", "root.pem", "-untrusted", "server.pem", "server.pem");

        await File.WriteAllTextAsync(
            In("admin.pem"), await SucceedAsync(["pki", "issue", "--csr", "-", "--role", "superadmin"], await File.ReadAllTextAsync(In("request.csr"))));
        await OpenSslAsync("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", "root.pem", "-untrusted", "admin.pem", "admin.pem");
        Assert.Contains("CN = superadmin", await OpenSslAsync("x509", "-in", "admin.pem", "-noout", "-subject"), StringComparison.Ordinal);
    }

    private async Task<SiloProcess> StartAsync()
    {
        var process = SiloProcess.Start(_folder.FullName, AnyPorts);
        await process.ReadyAsync();
        return process;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string[] args, string? input = null) =>
        SiloProcess.RunAsync(_folder.FullName, args, input);

    private async Task<string> SucceedAsync(string[] args, string? input = null)
    {
        var (exitCode, output, error) = await RunAsync(args, input);
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        return output;
    }

    private async Task FailAsync(string[] args, string why, string? input = null)
    {
        var (exitCode, output, error) = await RunAsync(args, input);
        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith("capif: " + why, error, StringComparison.Ordinal);
    }

    private async Task<string> OpenSslAsync(params string[] args)
    {
        var start = new ProcessStartInfo("openssl", args)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"openssl {string.Join(' ', args)}: {await output}{error}");
        return await output;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
