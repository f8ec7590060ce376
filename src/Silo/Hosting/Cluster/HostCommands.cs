using System.CommandLine;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Hosting.Cluster;
using Npgsql;

namespace CapifOrleans.Silo.Hosting;

/// <summary>The commands that only a build for a cluster has: <c>database init|upgrade|check</c>, <c>cluster certificate</c>.</summary>
internal static class HostCommands
{
    /// <summary>Adds them.</summary>
    public static void AddTo(RootCommand root, CommandContext context)
    {
        root.Add(new Command("database", "The tables of a cluster, in the PostgreSQL database that CAPIF_DATABASE names.")
        {
            Upgrade("init", "Makes the tables in an empty database; what is there already stays.", context),
            Upgrade("upgrade", "Brings the tables up to this program's version.", context),
            Check(context),
        });
        root.Add(ClusterCommand.Create(context));
    }

    private static Command Upgrade(string name, string help, CommandContext context)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would be done, and does nothing." };
        var command = new Command(name, help) { dryRun };
        command.SetAction(context.Action((parsed, cancellationToken) => UseAsync(context, parsed, async database =>
        {
            var dry = parsed.GetValue(dryRun);
            var scripts = await DatabaseSchema.UpgradeAsync(database, dry, cancellationToken);
            foreach (var script in scripts)
                await context.Output.WriteLineAsync($"{(dry ? "would apply" : "applied")} {script}");
            await context.Output.WriteLineAsync(scripts.Count == 0 ? $"The database has version {DatabaseSchema.Version}: nothing to do."
                : dry ? $"The database would have version {DatabaseSchema.Version}." : $"The database has version {DatabaseSchema.Version}.");
        })));
        return command;
    }

    private static Command Check(CommandContext context)
    {
        var command = new Command("check", "Says whether the tables are of this program's version; exit code 1 if not.");
        command.SetAction(context.Action((parsed, cancellationToken) => UseAsync(context, parsed, async database =>
        {
            await DatabaseSchema.CheckAsync(database, cancellationToken);
            await context.Output.WriteLineAsync($"The database has version {DatabaseSchema.Version}, as this program wants.");
        })));
        return command;
    }

    private static async Task<int> UseAsync(CommandContext context, ParseResult parsed, Func<NpgsqlDataSource, Task> use)
    {
        var connectionString = context.Options(parsed).Database?.Text
            ?? throw new StartFailure("CAPIF_DATABASE: is not set; give the connection string of the cluster's PostgreSQL database.");
        await ClusterDatabase.UseAsync(connectionString, use);
        return ExitCodes.Done;
    }
}
