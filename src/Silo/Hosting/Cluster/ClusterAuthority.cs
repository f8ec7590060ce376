using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>
/// The authority of a cluster's own certificates, in a folder of the operator's that no process of the cluster needs: <c>authority.pem</c> and
/// <c>authority.key</c>. It is apart from the core function's authority, so that no API invoker's certificate opens a silo.
/// </summary>
internal static class ClusterAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>Makes a certificate and its key in <paramref name="folder"/>; the authority as well where it is not there yet.</summary>
    /// <param name="folder">Where the authority is, and where NAME.pem and NAME.key go.</param>
    /// <param name="name">The process's name.</param>
    /// <param name="role">What it may be.</param>
    /// <param name="clusterId">The cluster's name.</param>
    /// <param name="validity">How long the certificate is valid.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StartFailure">The folder cannot be used.</exception>
    public static void Issue(string folder, string name, SiloRole role, string clusterId, TimeSpan validity, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var authority = Open(folder, clusterId, time);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var subject = new X500DistinguishedNameBuilder();
            subject.AddCommonName(name);
            var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(ClusterTls.RoleName(role, clusterId));
            // A frontend is no server of the cluster; a process that is both is a silo.
            OidCollection purposes = role == SiloRole.Frontend ? [new Oid(ClientAuthentication)] : [new Oid(ServerAuthentication), new Oid(ClientAuthentication)];
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
            var now = time.GetUtcNow();
            var last = new DateTimeOffset(authority.NotAfter.ToUniversalTime());
            using var certificate = request.Create(
                authority, now - Slack, now + validity < last ? now + validity : last, RandomNumberGenerator.GetBytes(16));
            SecretFile.Write(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem() + "\n");
            SecretFile.Write(Path.Combine(folder, name + ".pem"), certificate.ExportCertificatePem() + "\n");
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"--folder {folder}: cannot be used ({fault.Message}); correct it, or its owner and mode.", fault);
        }
    }

    private static X509Certificate2 Open(string folder, string clusterId, TimeProvider time)
    {
        var certificateFile = Path.Combine(folder, "authority.pem");
        var keyFile = Path.Combine(folder, "authority.key");
        if (!File.Exists(certificateFile))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var subject = new X500DistinguishedNameBuilder();
            subject.AddCommonName($"Cluster {clusterId}");
            var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            using var made = request.CreateSelfSigned(time.GetUtcNow() - Slack, time.GetUtcNow() + TimeSpan.FromDays(10 * 365));
            SecretFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
            // Last: its presence says that the authority is whole.
            SecretFile.Write(certificateFile, made.ExportCertificatePem() + "\n");
        }

        return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
    }
}
