namespace CapifOrleans.Silo.DataFolder;

/// <summary>Names of files in the data folder (docs/deploying.md).</summary>
internal static class DataFiles
{
    /// <summary>Held by the process that owns the folder.</summary>
    public const string Lock = "lock";

    /// <summary>State of the grains (SQLite).</summary>
    public const string State = "state.db";

    /// <summary>Invocation logs (SQLite).</summary>
    public const string InvocationLogs = "invocation-logs.db";

    /// <summary>Certificates and encrypted keys.</summary>
    public const string Pki = "pki";

    /// <summary>Where the commands reach a running core function.</summary>
    public const string ControlSocket = "control.sock";
}
