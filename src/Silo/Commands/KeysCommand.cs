using System.CommandLine;
using System.Globalization;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>keys rotate|list</c>: the keys that sign access tokens and enrolment credentials.</summary>
internal static class KeysCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("keys", "Manages the keys that sign tokens.")
    {
        Rotate(context),
        List(context),
    };

    private static Command Rotate(CommandContext context)
    {
        var now = new Option<bool>("--now")
        {
            Description = "The new key signs at once, not after token-key-overlap: AEFs that do not know it yet refuse its tokens until they fetch the keys.",
        };
        var command = new Command("rotate", "Makes a new key. Tokens of the one before it verify until they expire.") { now };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var made = await context.AdministerAsync(
                context.Options(parsed), core => core.RotateTokenKeysAsync(parsed.GetValue(now), cancellationToken), cancellationToken);
            await context.Output.WriteLineAsync(Line(made));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the keys: identifier, algorithm, state, from when on each signs, until when each is published.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            foreach (var key in await context.AdministerAsync(context.Options(parsed), core => core.ListTokenKeysAsync(cancellationToken), cancellationToken))
                await context.Output.WriteLineAsync(Line(key));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static string Line(TokenKeyDescription key) => string.Create(
        CultureInfo.InvariantCulture,
        $"{key.KeyId} {key.Algorithm} {key.State} {Time(key.SignsFrom)} {(key.PublishedUntil is { } until ? Time(until) : "-")}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
