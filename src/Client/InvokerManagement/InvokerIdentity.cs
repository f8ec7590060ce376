using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Client;

/// <summary>
/// Who the API invoker is: its key pair (P-256), what the core function gave for it, and the core function itself. The private key lies in
/// OpenSSL's memory, which is overwritten when it is let go.
/// </summary>
internal sealed class InvokerIdentity : IDisposable
{
    private readonly ECDsa _key;

    public InvokerIdentity(Uri core, X509Certificate2Collection roots, ECDsa? key = null)
    {
        Core = core;
        Roots = roots;
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    public Uri Core { get; }

    public X509Certificate2Collection Roots { get; }

    /// <summary>The apiInvokerId; null while the onboarding is not completed.</summary>
    public string? ApiInvokerId { get; private set; }

    /// <summary>What the core function calls the resource; the standard does not say that it is the same.</summary>
    public string? OnboardingId { get; private set; }

    /// <summary>The certificate, with the private key.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>What is sent along with it.</summary>
    public X509Certificate2Collection Chain { get; private set; } = [];

    /// <summary>Onboard_Secret (TS 33.122 6.1 step 4), if the core function made one.</summary>
    public byte[]? OnboardSecret { get; private set; }

    /// <summary>What is sent as apiInvokerPublicKey.</summary>
    public string PublicKey(bool bare) => bare
        ? _key.ExportSubjectPublicKeyInfoPem()
        : new CertificateRequest("CN=api-invoker", _key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>PKCS #8, for the state file; the caller overwrites it.</summary>
    public byte[] ExportPrivateKey() => _key.ExportPkcs8PrivateKey();

    /// <summary>Takes what the core function answered.</summary>
    /// <exception cref="CapifException">It is not what this key was onboarded for.</exception>
    public void Accept(string apiInvokerId, string onboardingId, string? certificatePem, byte[]? onboardSecret)
    {
        if (string.IsNullOrWhiteSpace(certificatePem))
            throw new CapifException("The core function issued no certificate, without which there is no CAPIF-1e (33.122 6.3.1).");
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(certificatePem);
            if (certificates.Count == 0)
                throw new CryptographicException("there is none in it");
            using var leaf = certificates[0];
            Certificate = leaf.CopyWithPrivateKey(_key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new CapifException($"The certificate that the core function issued cannot be used for this API invoker's key: {fault.Message}", inner: fault);
        }

        certificates.RemoveAt(0);
        Chain = certificates;
        ApiInvokerId = apiInvokerId;
        OnboardingId = onboardingId;
        OnboardSecret = onboardSecret;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(OnboardSecret);
        Certificate?.Dispose();
        _key.Dispose();
        foreach (var one in Chain)
            one.Dispose();
    }
}
