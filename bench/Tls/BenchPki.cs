using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Bench;

/// <summary>Certificates of one root, as PKCS #12 files that both processes read; P-256 throughout.</summary>
internal sealed class BenchPki
{
    private const string Password = "bench";

    private BenchPki(string folder)
    {
        Server = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(folder, "server.p12"), Password, X509KeyStorageFlags.Exportable);
        Client = X509CertificateLoader.LoadPkcs12FromFile(Path.Combine(folder, "client.p12"), Password, X509KeyStorageFlags.Exportable);
        Root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "root.crt"));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    /// <summary>The pre-shared key.</summary>
    public static byte[] Key { get; } = SHA256.HashData("bench"u8);

    /// <summary>Looks a key up as an AEF does: by identity, and by the time of its validity.</summary>
    public static byte[]? FindKey(ReadOnlySpan<byte> identity) =>
        Keys.TryGetValue(System.Text.Encoding.UTF8.GetString(identity), out var found) && found.ExpiresAt > TimeProvider.System.GetUtcNow() ? found.Key : null;

    private static Dictionary<string, (byte[] Key, DateTimeOffset ExpiresAt)> Keys { get; } = new()
    {
        ["bench"] = (Key, DateTimeOffset.MaxValue),
        ["expired"] = (Key, DateTimeOffset.MinValue),
    };

    public static BenchPki Open(string folder) => new(folder);

    public static BenchPki Make(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(9));
        File.WriteAllBytes(Path.Combine(folder, "root.crt"), root.RawData);
        foreach (var (name, purpose) in new[] { ("server", "1.3.6.1.5.5.7.3.1"), ("client", "1.3.6.1.5.5.7.3.2") })
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest($"CN={name}", own, HashAlgorithmName.SHA256);
            leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            leaf.CertificateExtensions.Add(names.Build());
            using var issued = leaf.Create(root, now.AddHours(-1), now.AddDays(2), RandomNumberGenerator.GetBytes(8));
            using var whole = issued.CopyWithPrivateKey(own);
            File.WriteAllBytes(Path.Combine(folder, name + ".p12"), whole.Export(X509ContentType.Pkcs12, Password));
        }

        return Open(folder);
    }

    /// <summary>What both stacks' servers build a client's chain by.</summary>
    public X509ChainPolicy ClientPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(Root);
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return policy;
    }
}
