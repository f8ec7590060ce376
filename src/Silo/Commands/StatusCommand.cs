using System.CommandLine;
using System.Globalization;
using CapifOrleans.Silo.Control;
using CapifOrleans.Silo.DataFolder;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>status</c>: whether a core function runs on the data folder, and how it is.</summary>
internal static class StatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("status", "Tells whether a core function runs on the data folder, and how it is. Exit code 3: none runs, or it is not ready.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            using var client = await ControlClient.TryConnectAsync(Path.Combine(options.DataDirectory, DataFiles.ControlSocket), cancellationToken);
            if (client is null)
            {
                await context.Output.WriteLineAsync($"not running on {options.DataDirectory}");
                return ExitCodes.NotRunning;
            }

            var status = await client.StatusAsync(cancellationToken);
            await context.Output.WriteAsync(Describe(status));
            return status.IsReady ? ExitCodes.Done : ExitCodes.NotRunning;
        }));
        return command;
    }

    private static string Describe(CoreStatus status)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine($"{(status.IsReady ? "ready" : "not ready")}, process {status.ProcessId}, version {status.Version}");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"running since        {status.StartedAt.UtcDateTime:u}"));
        foreach (var listener in status.Listeners)
            text.WriteLine($"{listener.Name,-20} {listener.Address.GetLeftPart(UriPartial.Authority)}");
        text.WriteLine($"{"accounts",-20} {status.Users}");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"server certificate   until {status.ServerCertificateExpiresAt.UtcDateTime:u}"));
        return text.ToString();
    }
}
