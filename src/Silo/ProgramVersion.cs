using System.Reflection;

namespace CapifOrleans.Silo;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    /// <summary>As <c>--version</c> shows it.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
