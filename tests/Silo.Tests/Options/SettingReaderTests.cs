using System.Collections;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Tests.Options;

public sealed class SettingReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-options-");

    /// <summary>Every key with a value that is not the default, and how it is seen.</summary>
    public static TheoryData<string, string, string> Keys => new()
    {
        { "data-dir", "/tmp/capif-elsewhere", "/tmp/capif-elsewhere" },
        { "host", "core.example,10.0.0.1", "core.example 10.0.0.1" },
        { "listen-address", "127.0.0.2", "127.0.0.2" },
        { "core-port", "1", "1" },
        { "enrolment-port", "2", "2" },
        { "aef-config", "/etc/hostname", "/etc/hostname" },
        { "exposure-port", "3", "3" },
        { "interconnection-port", "4", "4" },
        { "ccf-id", "ccf-a.example", "ccf-a.example" },
        { "capif-provider-domain", "operator-a.example", "operator-a.example" },
        { "operations-port", "5", "5" },
        { "operations-address", "::1", "::1" },
        { "tls", "dotnet", "DotNet" },
        { "key-file", "/etc/hostname", "/etc/hostname" },
        { "certificate-validity", "7", "7.00:00:00" },
        { "token-lifetime", "62", "00:01:02" },
        { "token-algorithm", "rs256", "Rs256" },
        { "token-key-rotation", "8", "8.00:00:00" },
        { "token-key-overlap", "63", "00:01:03" },
        { "aef-psk-lifetime", "64", "00:01:04" },
        { "max-connections", "9", "9" },
        { "enrolment-credential-lifetime", "61", "00:01:01" },
        { "onboarding-approval", "all", "All" },
        { "onboarding-approval-timeout", "2", "02:00:00" },
        { "min-password-length", "12", "12" },
        { "shutdown-timeout", "6", "00:00:06" },
        { "default-total-invocations", "13", "13" },
        { "default-invocations-per-second", "14", "14" },
        { "invocation-log-retention", "15", "15" },
        { "cluster-id", "capif-2", "capif-2" },
        { "role", "frontend", "Frontend" },
        { "cluster-certificate", "/etc/hostname", "/etc/hostname" },
        { "cluster-certificate-key", "/etc/hostname", "/etc/hostname" },
        { "cluster-authority", "/etc/hostname", "/etc/hostname" },
        { "silo-address", "127.0.0.3", "127.0.0.3" },
        { "silo-port", "15", "15" },
        { "gateway-port", "16", "16" },
        { "compatibility", "opencapif", "opencapif" },
        { "notification-destinations", "public", "False" },
        { "log-level", "debug", "Debug" },
        { "otlp-endpoint", "http://collector:4317", "http://collector:4317/" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void EveryKey_IsReadFromEverySource(string key, string value, string seen)
    {
        var variable = "CAPIF_" + key.Replace('-', '_').ToUpperInvariant();

        Assert.NotEqual(seen, See(key, new SiloOptions()));
        Assert.Equal(seen, See(key, Read(commandLine: new() { [key] = [value] })));
        Assert.Equal(seen, See(key, Read(environment: new() { [variable] = value })));
        Assert.Equal(seen, See(key, Read(config: $$"""{ "{{key}}": "{{value}}" }""")));
    }

    [Fact]
    public void EveryKey_HasARowAbove() =>
        Assert.Equal(
            Settings.All.Where(setting => !setting.IsSecret).Select(setting => setting.Name),
            Keys.Select(row => (string)row[0]));

    [Fact]
    public void CommandLine_GoesBeforeEnvironment_BeforeFile()
    {
        const string File = """{ "core-port": 1001, "enrolment-port": 1002, "operations-port": 1003 }""";
        var options = Read(
            commandLine: new() { ["core-port"] = ["3001"] },
            environment: new() { ["CAPIF_CORE_PORT"] = "2001", ["CAPIF_ENROLMENT_PORT"] = "2002" },
            config: File);

        Assert.Equal(3001, options.CorePort);
        Assert.Equal(2002, options.EnrolmentPort);
        Assert.Equal(1003, options.OperationsPort);
    }

    [Fact]
    public void File_MayHaveNumbersListsAndComments()
    {
        var options = Read(config: """
            {
              // where it can be reached
              "host": ["CORE.example", "0:0::1"],
              "core-port": 1001,
            }
            """);

        Assert.Equal(["core.example", "::1"], options.Hosts);
        Assert.Equal(1001, options.CorePort);
    }

    [Fact]
    public void Key_ComesFromTheEnvironmentOnly_AndShowsNowhere()
    {
        Assert.Equal("0123456789abcdef", Read(environment: new() { ["CAPIF_KEY"] = "0123456789abcdef" }).Key!.Text);
        Assert.Equal("***", new Secret("0123456789abcdef").ToString());
        var fault = Assert.Single(Faults(config: """{ "key": "0123456789abcdef" }"""));
        Assert.EndsWith("key: is a secret, which does not belong into a file that others read; use CAPIF_KEY.", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("core-port", "abc", "'abc' is not a whole number from 0 to 65535.")]
    [InlineData("core-port", "65536", "'65536' is not a whole number from 0 to 65535.")]
    [InlineData("core-port", "-1", "'-1' is not a whole number from 0 to 65535.")]
    [InlineData("onboarding-approval", "some", "'some' cannot be approved; give none, onboarding or all.")]
    [InlineData("onboarding-approval-timeout", "0", "'0' is not a whole number from 1 to 8760.")]
    [InlineData("min-password-length", "7", "'7' is not a whole number from 8 to 128.")]
    [InlineData("host", "https://core.example", "'https://core.example' is neither a DNS name nor an IP address; give names without scheme and port, separated by commas.")]
    [InlineData("host", "core.example,,x", "'' is neither a DNS name nor an IP address; give names without scheme and port, separated by commas.")]
    [InlineData("listen-address", "here", "'here' is not an IP address; give one as 127.0.0.1, 0.0.0.0 or ::.")]
    [InlineData("key-file", "/no/such/file", "there is no file '/no/such/file'; make it, or correct the path.")]
    [InlineData("token-algorithm", "HS256", "'HS256' is not an algorithm; give ES256 or RS256.")]
    [InlineData("tls", "schannel", "'schannel' is no TLS stack; give openssl or dotnet.")]
    [InlineData("token-lifetime", "86401", "'86401' is not a whole number from 30 to 86400.")]
    [InlineData("compatibility", "other", "'other' is no compatibility; give standard or opencapif.")]
    [InlineData("notification-destinations", "any", "'any' is neither private nor public.")]
    [InlineData("log-level", "7", "'7' is not a level; give trace, debug, information, warning, error, critical or none.")]
    [InlineData("otlp-endpoint", "collector", "'collector' is not an address; give one as http://collector:4317.")]
    [InlineData("data-dir", "", "is empty; name a folder.")]
    public void WrongValue_IsRefusedWithKeyAndRemedy(string key, string value, string fault)
    {
        var variable = "CAPIF_" + key.Replace('-', '_').ToUpperInvariant();

        Assert.Equal([$"--{key}: {fault}"], Faults(commandLine: new() { [key] = [value] }));
        Assert.Equal([$"{variable}: {fault}"], Faults(environment: new() { [variable] = value }));
        Assert.Equal([$"{ConfigPath}: {key}: {fault}"], Faults(config: $$"""{ "{{key}}": "{{value}}" }"""));
    }

    [Fact]
    public void FolderTooLongForTheSocket_IsRefused()
    {
        var path = "/" + new string('a', 100);

        Assert.Equal(
            [$"--data-dir: '{path}' is longer than 90 octets, too long for the control socket in it; choose a shorter path."],
            Faults(commandLine: new() { ["data-dir"] = [path] }));
    }

    [Fact]
    public void AllFaults_AreToldAtOnce()
    {
        var faults = Faults(
            commandLine: new() { ["core-port"] = ["x"] },
            environment: new() { ["CAPIF_CORE_PROT"] = "1", ["CAPIF_LOG_LEVEL"] = "loud" },
            config: """{ "core_port": 1, "enrolment-port": true }""");

        Assert.Equal(
            [
                $"{ConfigPath}: core_port: there is no such setting; remove it or correct its name (serve --help lists them).",
                $"{ConfigPath}: enrolment-port: must be text or a number.",
                "--core-port: 'x' is not a whole number from 0 to 65535.",
                "CAPIF_LOG_LEVEL: 'loud' is not a level; give trace, debug, information, warning, error, critical or none.",
                "CAPIF_CORE_PROT: there is no such setting; remove the variable or correct its name (serve --help lists them).",
            ],
            faults);
    }

    [Theory]
    [InlineData("[]", "is not a JSON object; write { \"core-port\": 8443 }.")]
    [InlineData("{", "is not JSON: ")]
    [InlineData("""{ "core-port": 1, "core-port": 2 }""", "is not JSON: ")]
    public void FileThatIsNoObject_IsRefused(string text, string fault) =>
        Assert.StartsWith($"{ConfigPath}: {fault}", Assert.Single(Faults(config: text)), StringComparison.Ordinal);

    [Fact]
    public void MissingFile_IsRefused()
    {
        var (_, faults) = SettingReader.Read(new Dictionary<string, IReadOnlyList<string>>(), "/no/such.json", new Hashtable());
        Assert.Equal(["--config: there is no file '/no/such.json'; make it, or correct the path."], faults);
        (_, faults) = SettingReader.Read(
            new Dictionary<string, IReadOnlyList<string>>(), null, new Hashtable { ["CAPIF_CONFIG"] = "/no/such.json" });
        Assert.Equal(["CAPIF_CONFIG: there is no file '/no/such.json'; make it, or correct the path."], faults);
    }

    [Fact]
    public void SamePortTwice_IsRefused() =>
        Assert.Equal(
            ["core-port and operations-port share port 9090; give each its own."],
            Faults(commandLine: new() { ["core-port"] = ["9090"] }));

    [Fact]
    public void PortZero_MayBeGivenToAll() =>
        Assert.Empty(Faults(commandLine: new() { ["core-port"] = ["0"], ["enrolment-port"] = ["0"], ["operations-port"] = ["0"] }));

    [Fact]
    public void KeyAndKeyFile_ExcludeEachOther() =>
        Assert.Equal(
            ["CAPIF_KEY and key-file are both given; keep one of them."],
            Faults(commandLine: new() { ["key-file"] = ["/etc/hostname"] }, environment: new() { ["CAPIF_KEY"] = "0123456789abcdef" }));

    [Fact]
    public void OtherPrograms_MayHaveTheirVariables() => Assert.Empty(Faults(environment: new() { ["CAPIFX"] = "1", ["PATH"] = "/bin" }));

    [Fact]
    public void CertificateHosts_AreThePublicOnes_AndThisMachine()
    {
        var options = Read(commandLine: new() { ["host"] = ["core.example", "10.0.0.1,localhost"] });

        Assert.Equal("core.example", options.PublicHost);
        Assert.Equal("core.example", options.CertificateHosts[0]);
        Assert.Superset(new HashSet<string> { "10.0.0.1", "localhost", "127.0.0.1", "::1" }, options.CertificateHosts.ToHashSet());
        Assert.Equal(options.CertificateHosts.Count, options.CertificateHosts.Distinct().Count());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string ConfigPath => Path.Combine(_folder.FullName, "capif.json");

    private static string See(string key, SiloOptions options) => key switch
    {
        "data-dir" => options.DataDirectory,
        "host" => string.Join(' ', options.Hosts),
        "listen-address" => options.ListenAddress?.ToString() ?? "",
        "core-port" => $"{options.CorePort}",
        "enrolment-port" => $"{options.EnrolmentPort}",
        "aef-config" => options.AefConfig ?? "",
        "exposure-port" => $"{options.ExposurePort}",
        "interconnection-port" => $"{options.InterconnectionPort}",
        "ccf-id" => options.CcfId ?? "",
        "capif-provider-domain" => options.CapifProvDom ?? "",
        "operations-port" => $"{options.OperationsPort}",
        "operations-address" => options.OperationsAddress.ToString(),
        "tls" => $"{options.Tls}",
        "key-file" => options.KeyFile ?? "",
        "certificate-validity" => options.CertificateValidity.ToString(),
        "token-lifetime" => options.TokenLifetime.ToString(),
        "token-algorithm" => options.TokenAlgorithm.ToString(),
        "token-key-rotation" => options.TokenKeyRotation!.Value.ToString(),
        "token-key-overlap" => options.TokenKeyOverlap.ToString(),
        "aef-psk-lifetime" => options.AefPskLifetime.ToString(),
        "max-connections" => $"{options.MaxConnections}",
        "enrolment-credential-lifetime" => options.EnrolmentCredentialLifetime.ToString(),
        "onboarding-approval" => $"{options.OnboardingApproval}",
        "onboarding-approval-timeout" => $"{options.OnboardingApprovalTimeout}",
        "min-password-length" => $"{options.MinPasswordLength}",
        "shutdown-timeout" => options.ShutdownTimeout.ToString(),
        "default-total-invocations" => $"{options.DefaultTotalInvocations}",
        "invocation-log-retention" => $"{options.InvocationLogRetention}",
        "default-invocations-per-second" => $"{options.DefaultInvocationsPerSecond}",
        "cluster-id" => options.ClusterId,
        "role" => options.Role.ToString(),
        "cluster-certificate" => options.ClusterCertificate ?? "",
        "cluster-certificate-key" => options.ClusterCertificateKey ?? "",
        "cluster-authority" => options.ClusterAuthority ?? "",
        "silo-address" => options.SiloAddress.ToString(),
        "silo-port" => $"{options.SiloPort}",
        "gateway-port" => $"{options.GatewayPort}",
        "compatibility" => options.Compatibility.Name,
        "notification-destinations" => options.AllowPrivateDestinations.ToString(),
        "log-level" => options.LogLevel.ToString(),
        "otlp-endpoint" => options.OtlpEndpoint?.ToString() ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "There is no such key."),
    };

    private SiloOptions Read(
        Dictionary<string, IReadOnlyList<string>>? commandLine = null, Dictionary<string, string>? environment = null, string? config = null)
    {
        var (options, faults) = ReadAll(commandLine, environment, config);
        Assert.Empty(faults);
        return options!;
    }

    private IReadOnlyList<string> Faults(
        Dictionary<string, IReadOnlyList<string>>? commandLine = null, Dictionary<string, string>? environment = null, string? config = null) =>
        ReadAll(commandLine, environment, config).Faults;

    private (SiloOptions? Options, IReadOnlyList<string> Faults) ReadAll(
        Dictionary<string, IReadOnlyList<string>>? commandLine, Dictionary<string, string>? environment, string? config)
    {
        if (config is not null)
            File.WriteAllText(ConfigPath, config);
        return SettingReader.Read(commandLine ?? [], config is null ? null : ConfigPath, environment ?? []);
    }
}
