using System.Collections;
using System.CommandLine;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Control;
using CapifOrleans.Silo.DataFolder;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Commands;

/// <summary>What every command has: settings, where it prints, and a way to the core function of the data folder.</summary>
internal sealed class CommandContext(TextWriter output, TextWriter error, IDictionary environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The settings as options.</summary>
    public SettingOptions Settings { get; } = new();

    /// <summary>Where answers go.</summary>
    public TextWriter Output => output;

    /// <summary>Where failures go.</summary>
    public TextWriter Error => error;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The settings of an invocation.</summary>
    public SiloOptions Options(ParseResult parsed) => Settings.Read(parsed, environment);

    /// <summary>Makes a command's action: a failure that the operator can mend is a line on standard error and exit code 1.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> Action(Func<ParseResult, CancellationToken, Task<int>> run) => async (parsed, cancellationToken) =>
    {
        try
        {
            return await run(parsed, cancellationToken);
        }
        catch (StartFailure failure)
        {
            await TellAsync(failure);
            return ExitCodes.Failed;
        }
    };

    /// <summary>Prints what is wrong with the settings of an invocation, if anything is.</summary>
    public async Task TellFaultsAsync(ParseResult parsed)
    {
        try
        {
            Options(parsed);
        }
        catch (StartFailure failure)
        {
            await TellAsync(failure);
        }
    }

    /// <summary>Prints why the core function refused, as a failure.</summary>
    public async Task<int> RefusedAsync(Refusal refusal)
    {
        await error.WriteLineAsync("capif: " + refusal.Detail);
        return ExitCodes.Failed;
    }

    /// <summary>
    /// Lets <paramref name="use"/> administer the core function of the data folder: through its control socket while it runs, otherwise by its
    /// grains in this process, which owns the folder meanwhile.
    /// </summary>
    public async Task<T> AdministerAsync<T>(SiloOptions options, Func<IAdministration, Task<T>> use, CancellationToken cancellationToken)
    {
        var socket = Path.Combine(options.DataDirectory, DataFiles.ControlSocket);
        var started = Time.GetTimestamp();
        while (true)
        {
            using (var folder = DataFolderLock.TryTake(options.DataDirectory, create: false))
            {
                if (folder is not null)
                    return await AdministerByGrainsAsync(options, folder, use, cancellationToken);
            }

            using (var client = await ControlClient.TryConnectAsync(socket, cancellationToken))
            {
                if (client is not null)
                    return await use(client);
            }

            // Somebody owns the folder and does not listen: a core function that starts or stops, or another command. Neither takes long.
            if (Time.GetElapsedTime(started) > Patience)
                throw new StartFailure($"data folder {options.DataDirectory}: another process uses it and does not answer; try again.");
            await Task.Delay(Pause, Time, cancellationToken);
        }
    }

    private async Task TellAsync(StartFailure failure)
    {
        foreach (var line in failure.Message.Split(Environment.NewLine))
            await error.WriteLineAsync("capif: " + line);
    }

    private async Task<T> AdministerByGrainsAsync<T>(
        SiloOptions options, DataFolderLock folder, Func<IAdministration, Task<T>> use, CancellationToken cancellationToken)
    {
        if (!GrainRuntime.KeepsStateInDataFolder)
            throw new StartFailure($"data folder {options.DataDirectory}: no silo of the cluster runs on it; run the command where one does.");
        if (folder.IsNew)
        {
            folder.Undo();
            throw new StartFailure($"data folder {options.DataDirectory}: is empty; start the core function once (serve), or correct --data-dir.");
        }

        // The log of a command is for what goes wrong.
        options.LogLevel = (LogLevel)Math.Max((int)options.LogLevel, (int)LogLevel.Warning);
        await using var log = Console.OpenStandardError();
        await using var runtime = await GrainRuntime.StartAsync(options, log, Time, cancellationToken);
        var administration = new GrainAdministration(
            runtime.Grains,
            runtime.Services.GetRequiredService<CapifOrleans.Grains.Pki.ICertificateIssuer>(),
            runtime.Services.GetRequiredService<CapifOrleans.Grains.Pki.ITokenSigningKeys>(),
            runtime.Services.GetRequiredService<ITokenKeyChanges>(),
            runtime.Services.GetRequiredService<CapifOrleans.Grains.Pki.PkiOptions>(),
            Time);
        var result = await use(administration);
        await runtime.StopAsync(cancellationToken);
        return result;
    }
}

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary><c>status</c>: no core function runs on the data folder, or it is not ready (as init scripts: LSB).</summary>
    public const int NotRunning = 3;
}
