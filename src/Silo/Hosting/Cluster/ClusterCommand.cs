using System.CommandLine;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary><c>cluster certificate</c>: the certificates by which the processes of a cluster know each other.</summary>
internal static class ClusterCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("cluster", "The certificates by which silos and frontends know each other.")
    {
        Certificate(context),
    };

    private static Command Certificate(CommandContext context)
    {
        var name = new Argument<string>("name") { Description = "Name of the process, for people; its files are NAME.pem and NAME.key." };
        var folder = new Option<string>("--folder") { Required = true, HelpName = "folder", Description = "Folder of the cluster's authority, made where it is missing. Keep authority.key away from the cluster's machines." };
        var role = new Option<string>("--role") { Required = true, HelpName = "role", Description = "silo (also for role all) or frontend." };
        var clusterId = new Option<string>("--cluster-id") { HelpName = "name", DefaultValueFactory = _ => new SiloOptions().ClusterId, Description = "Name of the cluster." };
        var days = new Option<int>("--days") { DefaultValueFactory = _ => 365, Description = "Days for which it is valid." };
        var command = new Command("certificate", "Makes a certificate and its key for a process of the cluster.") { name, folder, role, clusterId, days };
        command.SetAction(context.Action(async (parsed, _) =>
        {
            var given = SiloRole.All;
            if (SettingParsers.Role(parsed.GetRequiredValue(role), one => given = one) is { } fault)
                throw new StartFailure("--role: " + fault);
            if (parsed.GetValue(days) is < 1 or > 3_650)
                throw new StartFailure("--days: is not from 1 to 3650.");
            var called = parsed.GetRequiredValue(name);
            var id = parsed.GetRequiredValue(clusterId);
            if (!SettingParsers.IsDnsName(called) || called == "authority")
                throw new StartFailure($"name: '{called}' is not a name; give letters, digits and hyphens, and not 'authority'.");
            if (!SettingParsers.IsDnsName(id))
                throw new StartFailure($"--cluster-id: '{id}' is not a name; give letters, digits and hyphens.");
            var path = parsed.GetRequiredValue(folder);
            ClusterAuthority.Issue(path, called, given, id, TimeSpan.FromDays(parsed.GetValue(days)), context.Time);
            await context.Output.WriteLineAsync($"{Path.Combine(path, called)}.pem is valid for {ClusterTls.RoleName(given, id)}.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
