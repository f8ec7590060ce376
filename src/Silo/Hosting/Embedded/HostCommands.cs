using System.CommandLine;
using CapifOrleans.Silo.Commands;

namespace CapifOrleans.Silo.Hosting;

/// <summary>The commands that only this grain host has: none, its database is made with the data folder.</summary>
internal static class HostCommands
{
    /// <summary>Adds them.</summary>
    public static void AddTo(RootCommand root, CommandContext context)
    {
    }
}
