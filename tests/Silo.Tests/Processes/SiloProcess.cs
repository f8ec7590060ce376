using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace CapifOrleans.Silo.Tests.Processes;

/// <summary>The built program, as a process of its own.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _banner = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Received(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Received(_error, line.Data);
    }

    /// <summary>What it has printed on standard output.</summary>
    public string Output => Text(_output);

    /// <summary>What it has printed on standard error.</summary>
    public string Error => Text(_error);

    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    public static SiloProcess Start(string folder, IEnumerable<string> args, string? input = null, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CapifOrleans.Silo.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CAPIF_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        var process = new SiloProcess(new Process { StartInfo = start });
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        process._process.StandardInput.Write(input);
        process._process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a command to its end; its exit code.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string folder, IEnumerable<string> args, string? input = null, Dictionary<string, string>? environment = null)
    {
        using var process = Start(folder, args, input, environment);
        var exitCode = await process.ExitAsync();
        return (exitCode, process.Output, process.Error);
    }

    /// <summary>Returns when the whole banner is there: the core function is ready.</summary>
    public async Task ReadyAsync()
    {
        var exited = _process.WaitForExitAsync();
        if (await Task.WhenAny(_banner.Task, exited).WaitAsync(Patience) == exited)
            throw new InvalidOperationException($"It ended with {_process.ExitCode}: {Error}");
    }

    /// <summary>Returns when it has ended.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, 15));

    /// <summary>The address of a listener, from the banner.</summary>
    public Uri Address(string listener) => new(Output
        .Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .First(words => words.Length > 1 && words[0] == listener)[1]);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Received(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
        // The last line of the banner.
        if (text == _output && line.EndsWith(" demo", StringComparison.Ordinal))
            _banner.TrySetResult();
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
