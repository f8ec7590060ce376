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
            Name = "role",
            ValueName = "role",
            Default = "all",
            Help = "What this process is of the cluster: silo (runs grains), frontend (has the listeners), or all (cluster build only).",
            Apply = (options, values) => SettingParsers.Role(values[0], role => options.Role = role),
        },
        new()
        {
            Name = "cluster-certificate",
            ValueName = "file",
            Help = "This process's certificate within the cluster (PEM), by which silos and frontends know each other; needed unless all are on loopback.",
            Apply = (options, values) => SettingParsers.File(values[0], file => options.ClusterCertificate = file),
        },
        new()
        {
            Name = "cluster-certificate-key",
            ValueName = "file",
            Help = "The private key of cluster-certificate (PEM).",
            Apply = (options, values) => SettingParsers.File(values[0], file => options.ClusterCertificateKey = file),
        },
        new()
        {
            Name = "cluster-authority",
            ValueName = "file",
            Help = "Certificate of the authority that issues the cluster's certificates (PEM); none other is trusted between its processes.",
            Apply = (options, values) => SettingParsers.File(values[0], file => options.ClusterAuthority = file),
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
