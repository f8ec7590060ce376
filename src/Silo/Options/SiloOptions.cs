using System.Net;
using System.Net.Sockets;
using CapifOrleans.Compatibility;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Silo.Options;

/// <summary>
/// How this core function runs. Read once at start from the command line, the environment and the configuration file (<see cref="SettingReader"/>);
/// <see cref="Settings"/> names and documents every key.
/// </summary>
internal sealed class SiloOptions
{
    /// <summary>Where keys and state lie.</summary>
    public string DataDirectory { get; set; } = Path.GetFullPath("capif-data");

    /// <summary>Public names and addresses, the preferred first; empty means this machine only.</summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>The address that the public listeners bind; null for all.</summary>
    public IPAddress? ListenAddress { get; set; }

    /// <summary>Reference points CAPIF-1, 1e, 3, 4, 5.</summary>
    public int CorePort { get; set; } = 8443;

    /// <summary>Enrolment accounts and credentials.</summary>
    public int EnrolmentPort { get; set; } = 8084;

    /// <summary>The configuration of the exposing function that runs within; null for none.</summary>
    public string? AefConfig { get; set; }

    /// <summary>Reference points CAPIF-2, 2e, 7, where <see cref="AefConfig"/> is given.</summary>
    public int ExposurePort { get; set; } = 8444;

    /// <summary>Reference points CAPIF-6, 6e; nothing listens there without <see cref="CcfId"/>.</summary>
    public int InterconnectionPort { get; set; } = 8446;

    /// <summary>The identifier of this core function among those of others; null where it is interconnected with none.</summary>
    public string? CcfId { get; set; }

    /// <summary>The CAPIF provider domain of this core function.</summary>
    public string? CapifProvDom { get; set; }

    /// <summary>Health and served documents.</summary>
    public int OperationsPort { get; set; } = 9090;

    /// <summary>The address that the operations listener binds.</summary>
    public IPAddress OperationsAddress { get; set; } = IPAddress.Loopback;

    /// <summary>Whose TLS the core listener runs on; null for OpenSSL's where it can be loaded.</summary>
    public TlsStack? Tls { get; set; }

    /// <summary>How long a key for method PSK is valid (33.122 6.5.2.1).</summary>
    public TimeSpan AefPskLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The file with the key that encrypts private keys at rest; null where the environment has it, or the data folder keeps one.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The key that encrypts private keys at rest, from the environment.</summary>
    public Secret? Key { get; set; }

    /// <summary>How long certificates of invokers, functions and servers are valid.</summary>
    public TimeSpan CertificateValidity { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long an access token is valid.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The algorithm of new keys that sign tokens.</summary>
    public TokenAlgorithm TokenAlgorithm { get; set; } = TokenAlgorithm.Es256;

    /// <summary>How long a key signs tokens before another takes over; null for until the operator says so.</summary>
    public TimeSpan? TokenKeyRotation { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a new key is published before it signs.</summary>
    public TimeSpan TokenKeyOverlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The most connections of a listener at a time.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>How long an enrolment credential is good for.</summary>
    public TimeSpan EnrolmentCredentialLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What the operator decides before it is done.</summary>
    public OnboardingApproval OnboardingApproval { get; set; }

    /// <summary>How long a request waits for the operator.</summary>
    public TimeSpan OnboardingApprovalTimeout { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The fewest characters of a password; null for what the compatibility says.</summary>
    public int? MinPasswordLength { get; set; }

    /// <summary>How long requests may still run after the signal to stop.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>allowedTotalInvocations of the default access control policy; 0 for no bound.</summary>
    public int DefaultTotalInvocations { get; set; }

    /// <summary>allowedInvocationsPerSecond of the default access control policy; 0 for no bound.</summary>
    public int DefaultInvocationsPerSecond { get; set; }

    /// <summary>Hours for which invocation logs are kept; 0 for without end.</summary>
    public int InvocationLogRetention { get; set; }

    /// <summary>Which dialect of TS 29.222 clients find (docs/compatibility.md).</summary>
    public CompatibilityProfile Compatibility { get; set; } = CompatibilityProfile.Standard;

    /// <summary>Whether notifications may be sent to this machine and to private networks.</summary>
    public bool AllowPrivateDestinations { get; set; } = true;

    /// <summary>What is logged.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Where traces and meters go (OTLP over gRPC); null for nowhere.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>The connection string of the cluster's PostgreSQL database; the Orleans build only.</summary>
    public Secret? Database { get; set; }

    /// <summary>The name of the cluster in its database.</summary>
    public string ClusterId { get; set; } = "capif";

    /// <summary>What this process is of a cluster.</summary>
    public SiloRole Role { get; set; } = SiloRole.All;

    /// <summary>The file with this process's certificate within the cluster; null without TLS between its processes.</summary>
    public string? ClusterCertificate { get; set; }

    /// <summary>The file with that certificate's private key.</summary>
    public string? ClusterCertificateKey { get; set; }

    /// <summary>The file with the certificate of the authority that the cluster's certificates are of.</summary>
    public string? ClusterAuthority { get; set; }

    /// <summary>The address at which the other silos reach this one.</summary>
    public IPAddress SiloAddress { get; set; } = IPAddress.Loopback;

    /// <summary>Where the other silos reach this one.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Where frontends without a silo reach this one.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>The name by which this core function calls itself in addresses that it hands out.</summary>
    public string PublicHost => Hosts.Count > 0 ? Hosts[0] : "localhost";

    /// <summary>Everything that the server certificate is good for: the public names, and this machine itself.</summary>
    public IReadOnlyList<string> CertificateHosts =>
    [
        .. Hosts
            .Concat(["localhost", Dns.GetHostName().ToLowerInvariant(), "127.0.0.1", "::1"])
            .Where(host => IPAddress.TryParse(host, out _) || SettingParsers.IsDnsName(host))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Where a public listener binds.</summary>
    public IPEndPoint Listen(int port) => new(ListenAddress ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any), port);
}

/// <summary>What a process is of a cluster.</summary>
internal enum SiloRole
{
    /// <summary>A silo with the listeners of a frontend.</summary>
    All,

    /// <summary>A silo: it runs grains.</summary>
    Silo,

    /// <summary>A frontend: it has the listeners, and calls the grains of the cluster's silos.</summary>
    Frontend,
}

/// <summary>A value that shows nowhere.</summary>
internal sealed record Secret(string Text)
{
    /// <summary>Not the value.</summary>
    public override string ToString() => "***";
}
