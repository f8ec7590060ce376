using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>A server in a process of its own, so that its processor time and memory are its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts the core function and an account; where it listens.</summary>
    public static Task<(ServerProcess Server, DemoTarget Target)> StartCoreAsync(string folder, string arguments = "")
    {
        var data = Path.Combine(folder, "capif-data");
        return StartCoreAsync(
            folder, data, "CapifOrleans.Silo.dll", $"serve --data-dir {data} --core-port 0 --enrolment-port 0 --operations-port 0 {arguments}");
    }

    /// <summary>Makes an administrator with the password of the account.</summary>
    public static async Task AddAdministratorAsync(string folder, string name)
    {
        var (data, file) = (Path.Combine(folder, "capif-data"), Path.Combine(folder, "password"));
        using var user = Process.Start(
            "dotnet", $"{Path.Combine(AppContext.BaseDirectory, "CapifOrleans.Silo.dll")} user add {name} --administrator --password-file {file} --data-dir {data}");
        await user.WaitForExitAsync();
    }

    /// <summary>As above, in a process that tells its memory.</summary>
    public static Task<(ServerProcess Server, DemoTarget Target)> StartMeasuredCoreAsync(string folder)
    {
        var data = Path.Combine(folder, "capif-data");
        return StartCoreAsync(folder, data, "CapifOrleans.Bench.dll", $"core {data}");
    }

    /// <summary>The memory of such a process once its grains are idle: live and resident octets, and the activations that are left.</summary>
    public static async Task<(long Live, long Resident, int Activations)> MemoryAsync(ServerProcess server)
    {
        await server._process.StandardInput.WriteLineAsync("memory");
        while (await server._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is ["memory", var live, var resident, var activations])
                return (long.Parse(live, CultureInfo.InvariantCulture), long.Parse(resident, CultureInfo.InvariantCulture), int.Parse(activations, CultureInfo.InvariantCulture));
        }

        throw new InvalidOperationException("The core function ended.");
    }

    private static async Task<(ServerProcess Server, DemoTarget Target)> StartCoreAsync(string folder, string data, string assembly, string arguments)
    {
        Directory.CreateDirectory(folder);
        var (server, first) = Start(assembly, arguments);
        Uri? core = null, enrolment = null;
        for (var line = first; line is not null && (core is null || enrolment is null); line = await server._process.StandardOutput.ReadLineAsync())
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["core", var address, ..])
                core = new Uri(address);
            else if (words is ["enrolment", var other, ..])
                enrolment = new Uri(other);
        }

        const string Password = "a password for one run";
        var file = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(file, Password);
        using var user = Process.Start("dotnet", $"{Path.Combine(AppContext.BaseDirectory, "CapifOrleans.Silo.dll")} user add bench --password-file {file} --data-dir {data}");
        await user.WaitForExitAsync();
        return (server, new DemoTarget
        {
            Core = core ?? throw new InvalidOperationException("The core function did not start."),
            Enrolment = enrolment!,
            Root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(data, "pki", "root.pem"))),
            UserName = "bench",
            Password = Password,
        });
    }

    /// <summary>Starts the bare endpoint.</summary>
    public static (ServerProcess Server, Uri Address) StartBare(string folder)
    {
        var (server, address) = Start("CapifOrleans.Bench.dll", $"bare {Path.Combine(folder, "capif-data", "pki")}");
        return (server, new UriBuilder(address!) { Host = "localhost" }.Uri);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static (ServerProcess Server, string? FirstLine) Start(string assembly, string arguments)
    {
        // The log is written, as it is part of what is measured, but to nowhere: reading it would be the load's work. The shell becomes the server.
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec dotnet {Path.Combine(AppContext.BaseDirectory, assembly)} {arguments} 2>/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        return (new ServerProcess(process), process.StandardOutput.ReadLine());
    }
}
