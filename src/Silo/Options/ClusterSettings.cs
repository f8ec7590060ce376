namespace CapifOrleans.Silo.Options;

/// <summary>The keys of a silo of a cluster: what only a build with <c>-p:GrainHost=Orleans</c> takes (docs/deploying.md).</summary>
internal static class ClusterSettings
{
    /// <summary>Every one.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new()
        {
            Name = "database",
            ValueName = "connection string",
            IsSecret = true,
            Help = "Connection string of the cluster's PostgreSQL database (cluster build only).",
            Apply = (options, values) =>
            {
                options.Database = new Secret(values[0]);
                return null;
            },
        },
        new()
        {
            Name = "cluster-id",
            ValueName = "name",
            Default = "capif",
            Help = "Name of the cluster in its database (cluster build only).",
            Apply = (options, values) =>
            {
                if (!SettingParsers.IsDnsName(values[0]))
                    return $"'{values[0]}' is not a name; give letters, digits and hyphens.";
                options.ClusterId = values[0];
                return null;
            },
        },
        new()
        {
            Name = "silo-address",
            ValueName = "address",
            Default = "127.0.0.1",
            Help = "Address at which the other silos reach this one (cluster build only).",
            Apply = (options, values) => SettingParsers.Address(values[0], address => options.SiloAddress = address),
        },
        Settings.Port("silo-port", 11_111, "Port at which the other silos reach this one (cluster build only).", (options, port) => options.SiloPort = port),
        Settings.Port("gateway-port", 30_000, "Port at which frontends without a silo reach this one (cluster build only).",
            (options, port) => options.GatewayPort = port),
    ];
}
