using System.Diagnostics;
using System.Reflection;
using CapifOrleans.EndToEnd.Hosting;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>A core function as a process of its own.</summary>
internal sealed class CoreProcess : IDisposable
{
    // Only a failing test waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CoreProcess(Dictionary<string, string> settings, params string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name] = value;
        _process.OutputDataReceived += (_, line) => Received(line.Data);
        _process.ErrorDataReceived += (_, line) => Received(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where its core listener is.</summary>
    public Uri Core { get; private set; } = new("https://localhost/");

    /// <summary><c>capif serve</c> on this data folder; it logs each step of a procedure.</summary>
    public static async Task<CoreProcess> ServeAsync(string folder, params string[] more)
    {
        var process = new CoreProcess(
            await CoreHost.SettingsAsync(folder),
            [
                Path.Combine(AppContext.BaseDirectory, "CapifOrleans.Silo.dll"), "serve", "--data-dir", folder, "--listen-address", "127.0.0.1",
                "--core-port", "0", "--enrolment-port", "0", "--operations-port", "0", "--log-level", "debug", .. more,
            ]);
        return await process.ListeningAsync("CAPIF-1/1e");
    }

    /// <summary><c>capif serve</c> with these settings, of a process that has no core listener, or one.</summary>
    public static async Task<CoreProcess> ServeAsync(Dictionary<string, string> settings, bool listens)
    {
        var process = new CoreProcess(settings, Path.Combine(AppContext.BaseDirectory, "CapifOrleans.Silo.dll"), "serve");
        if (listens)
            return await process.ListeningAsync("CAPIF-1/1e");
        try
        {
            await process.LineAsync("operations ", "http://");
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Kills it: SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to stop (SIGTERM); returns when it has ended, and whether it ended well.</summary>
    public async Task<bool> StopAsync()
    {
        using (var kill = Process.Start("kill", [_process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode == 0;
    }

    /// <summary>What it has printed.</summary>
    public string Printed
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>A core function on this data folder that kills itself there.</summary>
    public static async Task<CoreProcess> KilledAtAsync(string folder, string at, string what) => await new CoreProcess(
        await CoreHost.SettingsAsync(folder), Assembly.GetExecutingAssembly().Location, folder, at, what).ListeningAsync("");

    /// <summary>Returns when it has printed a line with all of these in it; that line.</summary>
    public async Task<string> LineAsync(params string[] texts)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_lines.Find(line => texts.All(text => line.Contains(text, StringComparison.Ordinal))) is { } found)
                    return found;
                changed = _changed.Task;
            }

            var ended = _process.WaitForExitAsync();
            if (await Task.WhenAny(changed, ended).WaitAsync(Patience) == ended)
                throw new InvalidOperationException($"It ended with {_process.ExitCode}: {string.Join('\n', _lines)}");
        }
    }

    /// <summary>Returns when it was killed by SIGKILL.</summary>
    public async Task KilledAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(128 + 9, _process.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<CoreProcess> ListeningAsync(string purpose)
    {
        try
        {
            var line = await LineAsync("core ", "https://", purpose);
            Core = new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Received(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _lines.Add(line);
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
