using System.Text.Json;

namespace CapifOrleans.Aef.Configuration;

/// <summary>The configuration cannot be used; the message names each fault and its remedy, a line each.</summary>
public sealed class AefConfigurationException : Exception
{
    /// <summary>An exception.</summary>
    public AefConfigurationException(string message) : base(message) { }

    /// <summary>An exception with its cause.</summary>
    public AefConfigurationException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An exception without text.</summary>
    public AefConfigurationException() { }
}

/// <summary>Reads the configuration of an AEF.</summary>
public static class AefConfigurationFile
{
    /// <summary>Reads it; paths in it become absolute.</summary>
    /// <exception cref="AefConfigurationException">It cannot be read, or something in it is wrong.</exception>
    public static AefConfiguration Read(string path)
    {
        try
        {
            var configuration = JsonSerializer.Deserialize(File.ReadAllBytes(path), AefConfigurationJson.Default.AefConfiguration)
                ?? throw new AefConfigurationException($"{path}: is null.");
            var faults = AefConfigurationRules.Faults(configuration).Select(fault => $"{path}: {fault}").ToList();
            if (faults.Count > 0)
                throw new AefConfigurationException(string.Join(Environment.NewLine, faults));
            return Absolute(configuration, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (JsonException fault)
        {
            throw new AefConfigurationException($"{path}: {fault.Message} (docs/exposure.md describes it)", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AefConfigurationException($"{path}: cannot be read: {fault.Message}", fault);
        }
    }

    private static AefConfiguration Absolute(AefConfiguration configuration, string folder)
    {
        string At(string path) => Path.GetFullPath(path, folder);
        return configuration with
        {
            Folder = At(configuration.Folder),
            Core = configuration.Core is { } core ? core with { Root = At(core.Root) } : null,
            Identity = configuration.Identity is { } identity ? identity with { Certificate = At(identity.Certificate), Key = At(identity.Key) } : null,
            Certificate = configuration.Certificate is { } certificate ? new CertificateFiles { File = At(certificate.File), Key = At(certificate.Key) } : null,
            ServiceApis =
            [
                .. configuration.ServiceApis.Select(api => api with { UpstreamRoot = api.UpstreamRoot is { } root ? At(root) : null }),
            ],
        };
    }
}

/// <summary>Its JSON; what is not known is an error, not ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(AefConfiguration))]
[JsonSerializable(typeof(AefRegistration))]
internal sealed partial class AefConfigurationJson : JsonSerializerContext;

/// <summary>What must hold within a configuration.</summary>
internal static class AefConfigurationRules
{
    /// <summary>What is wrong, each naming the attribute and what to write.</summary>
    public static IEnumerable<string> Faults(AefConfiguration configuration)
    {
        if (configuration.Core is { } core && (!core.Address.IsAbsoluteUri || core.Address.Scheme != Uri.UriSchemeHttps))
            yield return "core.address: must be an https address, as https://core.example.org:8443.";
        if (configuration.Listen.Port is < 0 or > 65_535)
            yield return "listen.port: must be from 0 to 65535.";
        if (configuration.Listen.Address is { } address && !System.Net.IPAddress.TryParse(address, out _))
            yield return "listen.address: must be an IP address, or be left out for all.";
        if (Uri.CheckHostName(configuration.Listen.Host) == UriHostNameType.Unknown)
            yield return "listen.host: must be the DNS name or address by which API invokers reach this AEF.";
        if (configuration.Logs.MaxMegabytes < 1)
            yield return "logs.maxMegabytes: must be at least 1.";
        if (configuration.RefreshSeconds < 1)
            yield return "refreshSeconds: must be at least 1.";
        if (configuration.ServiceApis.IsEmpty)
            yield return "serviceApis: must name at least one service API.";
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < configuration.ServiceApis.Length; index++)
        {
            foreach (var fault in FaultsOf(configuration.ServiceApis[index], paths))
                yield return $"serviceApis[{index}].{fault}";
        }
    }

    private static IEnumerable<string> FaultsOf(ExposedApi api, HashSet<string> paths)
    {
        if (!IsSegment(api.ApiName) || api.ApiName is "aef-security" or "capif-notifications")
            yield return "apiName: must be a path segment of letters, digits, '-', '.', '_' and '~', and none of CAPIF's own.";
        if (api.Versions.IsEmpty || !api.Versions.All(IsSegment))
            yield return "versions: must be path segments, as v1.";
        foreach (var version in api.Versions)
        {
            if (!paths.Add($"/{api.ApiName}/{version}"))
                yield return $"versions: {version} of {api.ApiName} is there twice.";
        }

        if (api.Upstream is { } upstream && !IsUpstream(upstream))
            yield return "upstream: must be an http or https address without query, as http://127.0.0.1:8080/service.";
        if (api.SecurityMethods.IsEmpty || api.SecurityMethods.Distinct().Count() != api.SecurityMethods.Length)
            yield return "securityMethods: must name PSK, PKI or OAUTH, each once.";
        if (api.UpstreamTimeoutSeconds < 1)
            yield return "upstreamTimeoutSeconds: must be at least 1.";
        if (api.MaxRequestBody < 0)
            yield return "maxRequestBody: must not be negative.";
        if (api.Resources.Any(resource => !resource.Uri.StartsWith('/') || resource.Name.Length == 0))
            yield return "resources: each needs a name, and a uri that begins with '/'.";
    }

    private static bool IsUpstream(string text) =>
        Uri.TryCreate(text.Replace("{apiVersion}", "v1", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;

    private static bool IsSegment(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~') && text.Trim('.').Length > 0;
}
