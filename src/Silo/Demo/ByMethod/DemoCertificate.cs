using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Silo.Administration;

namespace CapifOrleans.Silo.Demo.ByMethod;

/// <summary>What the demonstration's AEF presents: a certificate for localhost that chains to the core function's root (docs/exposure.md).</summary>
internal sealed record DemoCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain) : IDisposable
{
    /// <summary>One that the operator had made, as by <c>pki issue --role server --host localhost</c>.</summary>
    /// <exception cref="StartFailure">It cannot be read.</exception>
    public static DemoCertificate Read(string certificateFile, string keyFile)
    {
        try
        {
            var (certificate, chain) = AefIdentity.ReadCertificate(certificateFile, keyFile);
            return new DemoCertificate(certificate, chain);
        }
        catch (AefConfigurationException fault)
        {
            throw new StartFailure(fault.Message, fault);
        }
    }

    /// <summary>One of the demonstration's own core function.</summary>
    public static async Task<DemoCertificate> OrderAsync(IAdministration administration, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var order = new CertificateOrder
        {
            Csr = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
            Role = "server",
            Hosts = ["localhost"],
        };
        var outcome = await administration.IssueAsync(order, cancellationToken);
        if (!outcome.TryGet(out var issued, out var refusal))
            throw new StartFailure($"The core function issues no certificate for the AEF: {refusal.Detail}.");
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(issued.Pem);
        using var own = chain[0];
        chain.RemoveAt(0);
        return new DemoCertificate(own.CopyWithPrivateKey(key), chain);
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
