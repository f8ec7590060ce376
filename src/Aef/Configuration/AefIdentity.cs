using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Aef.Configuration;

/// <summary>Who an AEF is: its identifier, and the certificate that proves it.</summary>
public sealed class AefIdentity : IDisposable
{
    /// <summary>The name of the certificate's file in the AEF's folder.</summary>
    public const string CertificateFile = "aef.pem";

    /// <summary>The name of the key's file.</summary>
    public const string KeyFile = "aef.key";

    /// <summary>The aefId.</summary>
    public required string AefId { get; init; }

    /// <summary>The certificate with its key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>The issuers behind it.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    /// <summary>The apiId of each service API, by name.</summary>
    public ImmutableDictionary<string, string> ServiceApis { get; init; } = [];

    /// <summary>Reads it; null where the AEF is not registered yet.</summary>
    /// <exception cref="AefConfigurationException">Files are missing or unreadable, or a service API has no apiId.</exception>
    public static AefIdentity? Read(AefConfiguration configuration)
    {
        var registration = AefRegistration.Read(configuration.Folder);
        if (configuration.Identity is null && registration is null)
            return null;
        var aefId = configuration.Identity?.AefId ?? registration!.AefId;
        var (certificate, chain) = ReadCertificate(
            configuration.Identity?.Certificate ?? Path.Combine(configuration.Folder, CertificateFile),
            configuration.Identity?.Key ?? Path.Combine(configuration.Folder, KeyFile));
        var ids = registration?.ServiceApis ?? [];
        foreach (var api in configuration.ServiceApis)
        {
            if (api.ApiId is { } apiId)
                ids = ids.SetItem(api.ApiName, apiId);
            if (!ids.ContainsKey(api.ApiName))
                throw new AefConfigurationException($"serviceApis: {api.ApiName} has no apiId; run aef register again, or write the apiId that the core function gave.");
        }

        return new AefIdentity { AefId = aefId, Certificate = certificate, Chain = chain, ServiceApis = ids };
    }

    /// <summary>Reads a certificate with its key, and what else lies in the file.</summary>
    /// <exception cref="AefConfigurationException">They are missing, unreadable or do not belong together.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) ReadCertificate(string certificateFile, string keyFile)
    {
        try
        {
            var pem = File.ReadAllText(certificateFile);
            var all = new X509Certificate2Collection();
            all.ImportFromPem(pem);
            var certificate = X509Certificate2.CreateFromPem(pem, File.ReadAllText(keyFile));
            all[0].Dispose();
            all.RemoveAt(0);
            return (certificate, all);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new AefConfigurationException($"certificate {certificateFile} with key {keyFile}: cannot be used ({fault.Message}).", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
