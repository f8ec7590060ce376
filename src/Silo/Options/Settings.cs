namespace CapifOrleans.Silo.Options;

/// <summary>All keys, in the order of the help. <c>docs/deploying.md</c> holds the same table; a test compares them.</summary>
internal static class Settings
{
    /// <summary>Where keys and state lie.</summary>
    public static Setting DataDirectory { get; } = new()
    {
        Name = "data-dir",
        ValueName = "folder",
        Default = "capif-data",
        Help = "Folder of the certification authority, keys and state; made at the first start, mode 0700.",
        Apply = (options, values) => SettingParsers.Folder(values[0], folder => options.DataDirectory = folder),
    };

    /// <summary>The file with the key that encrypts private keys.</summary>
    public static Setting KeyFile { get; } = new()
    {
        Name = "key-file",
        ValueName = "file",
        Help = "File with the key that encrypts private keys at rest (docs/pki.md). Keep it off the disk that holds the data folder.",
        Apply = (options, values) => SettingParsers.File(values[0], file => options.KeyFile = file),
    };

    /// <summary>Every key.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        DataDirectory,
        new()
        {
            Name = "host",
            ValueName = "name,...",
            Default = "localhost",
            IsList = true,
            Help = "Public names and addresses, the preferred first. They go into the server certificate and into addresses handed out.",
            Apply = (options, values) => SettingParsers.Hosts(values, hosts => options.Hosts = hosts),
        },
        new()
        {
            Name = "listen-address",
            ValueName = "address",
            Default = "all",
            Help = "Address that the public listeners bind.",
            Apply = (options, values) => SettingParsers.Address(values[0], address => options.ListenAddress = address),
        },
        Port("core-port", 8443, "Port of the core listener: CAPIF-1/1e, 3, 4 and 5. 0 takes a free one.", (options, port) => options.CorePort = port),
        Port("enrolment-port", 8084, "Port of the enrolment listener: accounts and credentials.", (options, port) => options.EnrolmentPort = port),
        new()
        {
            Name = "aef-config",
            ValueName = "file",
            Help = "Configuration of an exposing function to run within this process (docs/exposure.md). Without it nothing listens for CAPIF-2/2e.",
            Apply = (options, values) => SettingParsers.File(values[0], file => options.AefConfig = file),
        },
        Port("exposure-port", 8444, "Port of the exposing function that runs within: CAPIF-2/2e (aef-config).", (options, port) => options.ExposurePort = port),
        Port("interconnection-port", 8446, "Port of the interconnection listener: CAPIF-6/6e, for peers. Nothing listens there without ccf-id.",
            (options, port) => options.InterconnectionPort = port),
        new()
        {
            Name = "ccf-id",
            ValueName = "name",
            Help = "Identifier of this core function among those of others (ccfId). With it interconnection runs; it is never changed afterwards.",
            Apply = (options, values) => SettingParsers.CcfId(values[0], ccfId => options.CcfId = ccfId),
        },
        new()
        {
            Name = "capif-provider-domain",
            ValueName = "name",
            Help = "CAPIF provider domain of this core function: peers of the same one are reached over CAPIF-6, others over CAPIF-6e.",
            Apply = (options, values) => SettingParsers.Domain(values[0], domain => options.CapifProvDom = domain),
        },
        Port("operations-port", 9090, "Port of the operations listener (plain HTTP): health and OpenAPI documents.",
            (options, port) => options.OperationsPort = port),
        new()
        {
            Name = "operations-address",
            ValueName = "address",
            Default = "127.0.0.1",
            Help = "Address that the operations listener binds. It has no access control: keep it where only operators come.",
            Apply = (options, values) => SettingParsers.Address(values[0], address => options.OperationsAddress = address),
        },
        new()
        {
            Name = "tls",
            ValueName = "stack",
            Help = "TLS of the core listener: openssl (libssl.so.3), which method PSK needs, or dotnet. Without it openssl where that can be loaded.",
            Apply = (options, values) => SettingParsers.Tls(values[0], stack => options.Tls = stack),
        },
        KeyFile,
        new()
        {
            Name = "key",
            ValueName = "key",
            IsSecret = true,
            Help = "The key itself, in place of key-file.",
            Apply = (options, values) =>
            {
                options.Key = new Secret(values[0]);
                return null;
            },
        },
        Number("certificate-validity", 365, 1, 3_650, "Days for which certificates of invokers, functions and servers are valid.",
            (options, value) => options.CertificateValidity = TimeSpan.FromDays(value)),
        Number("token-lifetime", 600, 30, 86_400, "Seconds for which an access token is valid.",
            (options, value) => options.TokenLifetime = TimeSpan.FromSeconds(value)),
        new()
        {
            Name = "token-algorithm",
            ValueName = "algorithm",
            Default = "ES256",
            Help = "What new keys sign tokens by: ES256, or RS256 (2048 bits) for AEFs that know nothing else.",
            Apply = (options, values) => SettingParsers.TokenAlgorithm(values[0], algorithm => options.TokenAlgorithm = algorithm),
        },
        Number("token-key-rotation", 90, 0, 3_650, "Days for which a key signs tokens until a new one takes over; 0 for until `keys rotate`.",
            (options, value) => options.TokenKeyRotation = value == 0 ? null : TimeSpan.FromDays(value)),
        Number("token-key-overlap", 3_600, 0, 86_400, "Seconds for which a new key is published before it signs: AEFs must fetch the keys as often.",
            (options, value) => options.TokenKeyOverlap = TimeSpan.FromSeconds(value)),
        Number("aef-psk-lifetime", 3_600, 60, 2_592_000, "Seconds for which the key of method PSK is valid that an API invoker and an AEF derive or get.",
            (options, value) => options.AefPskLifetime = TimeSpan.FromSeconds(value)),
        Number("max-connections", 20_000, 1, 1_000_000, "Most connections of a listener at a time.", (options, value) => options.MaxConnections = value),
        Number("enrolment-credential-lifetime", 900, 60, 86_400, "Seconds for which an enrolment credential is good.",
            (options, value) => options.EnrolmentCredentialLifetime = TimeSpan.FromSeconds(value)),
        new()
        {
            Name = "onboarding-approval",
            ValueName = "what",
            Default = "none",
            Help = "What the operator approves before it is done (`onboarding list`): none, onboarding, or all (onboardings and updates).",
            Apply = (options, values) => SettingParsers.OnboardingApproval(values[0], approval => options.OnboardingApproval = approval),
        },
        Number("onboarding-approval-timeout", 168, 1, 8_760, "Hours for which a request waits for the operator before it counts as refused.",
            (options, value) => options.OnboardingApprovalTimeout = TimeSpan.FromHours(value)),
        Number("min-password-length", 10, 8, 128, "Fewest characters of the password of an enrolment account.",
            (options, value) => options.MinPasswordLength = value),
        Number("shutdown-timeout", 20, 1, 600, "Seconds that open requests get after SIGTERM or SIGINT; a second signal ends at once.",
            (options, value) => options.ShutdownTimeout = TimeSpan.FromSeconds(value)),
        Number("default-total-invocations", 0, 0, int.MaxValue,
            "allowedTotalInvocations of the access control policy that an API invoker gets with its security context; 0 for no bound.",
            (options, value) => options.DefaultTotalInvocations = value),
        Number("default-invocations-per-second", 0, 0, int.MaxValue,
            "allowedInvocationsPerSecond of the access control policy that an API invoker gets with its security context; 0 for no bound.",
            (options, value) => options.DefaultInvocationsPerSecond = value),
        Number("invocation-log-retention", 0, 0, 876_600,
            "Hours for which invocation logs are kept, where nothing is set for their service API (retention set); 0 for without end.",
            (options, value) => options.InvocationLogRetention = value),
        .. ClusterSettings.All,
        new()
        {
            Name = "compatibility",
            ValueName = "with",
            Default = "standard",
            Help = "Whose clients are served: standard, or opencapif for clients of OpenCAPIF that must work unchanged (docs/compatibility.md).",
            Apply = (options, values) => SettingParsers.Compatibility(values[0], profile => options.Compatibility = profile),
        },
        new()
        {
            Name = "notification-destinations",
            ValueName = "where",
            Default = "private",
            Help = "Where notifications may be sent: private (any address but link-local), or public (no loopback and no private network either).",
            Apply = (options, values) => SettingParsers.Destinations(values[0], allowed => options.AllowPrivateDestinations = allowed),
        },
        new()
        {
            Name = "log-level",
            ValueName = "level",
            Default = "information",
            Help = "What is logged to standard error: trace, debug, information, warning, error, critical or none.",
            Apply = (options, values) => SettingParsers.Level(values[0], level => options.LogLevel = level),
        },
        new()
        {
            Name = "otlp-endpoint",
            ValueName = "address",
            Help = "Where OpenTelemetry traces and meters go (OTLP over gRPC), as http://collector:4317. Without it none are made.",
            Apply = (options, values) => SettingParsers.Endpoint(values[0], endpoint => options.OtlpEndpoint = endpoint),
        },
    ];

    internal static Setting Port(string name, int standard, string help, Action<SiloOptions, int> set) =>
        Number(name, standard, 0, 65_535, help, set) with { ValueName = "port" };

    internal static Setting Number(string name, int standard, int least, int most, string help, Action<SiloOptions, int> set) => new()
    {
        Name = name,
        ValueName = "number",
        Default = standard.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Help = help,
        Apply = (options, values) => SettingParsers.Number(values[0], least, most, value => set(options, value)),
    };
}
