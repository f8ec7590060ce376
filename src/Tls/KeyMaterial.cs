using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls;

/// <summary>Gives a context its certificate and key, in memory only.</summary>
internal static unsafe class KeyMaterial
{
    internal static void Use(nint context, X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        var leaf = Parse(certificate);
        OpenSslErrors.Check(LibSsl.SSL_CTX_use_certificate(context, leaf) == 1, "the certificate");
        LibCrypto.X509_free(leaf);
        foreach (var issuer in chain)
        {
            // The context takes the reference over.
            OpenSslErrors.Check(LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlChainCertificate, 0, Parse(issuer)) == 1, "a certificate of the chain");
        }

        UseKey(context, certificate);
        OpenSslErrors.Check(LibSsl.SSL_CTX_check_private_key(context) == 1, "the private key, which is not the certificate's");
    }

    private static nint Parse(X509Certificate2 certificate)
    {
        fixed (byte* octets = certificate.RawData)
        {
            var at = octets;
            var parsed = LibCrypto.d2i_X509(0, &at, certificate.RawData.Length);
            OpenSslErrors.Check(parsed != 0, "a certificate");
            return parsed;
        }
    }

    private static void UseKey(nint context, X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey();
        if (key is null)
            throw new ArgumentException("The certificate has no private key of ECDSA or RSA.", nameof(certificate));
        if (SharedHandle(key) is { } shared)
        {
            using (shared)
                OpenSslErrors.Check(LibSsl.SSL_CTX_use_PrivateKey(context, shared.DangerousGetHandle()) == 1, "the private key");
            return;
        }

        var octets = key.ExportPkcs8PrivateKey();
        try
        {
            fixed (byte* pinned = octets)
            {
                var at = pinned;
                var parsed = LibCrypto.d2i_AutoPrivateKey(0, &at, octets.Length);
                OpenSslErrors.Check(parsed != 0 && LibSsl.SSL_CTX_use_PrivateKey(context, parsed) == 1, "the private key");
                LibCrypto.EVP_PKEY_free(parsed);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    /// <summary>.NET's own handle of the key, if .NET uses the same libcrypto as we do; null if the key must be copied.</summary>
    private static SafeEvpPKeyHandle? SharedHandle(AsymmetricAlgorithm key)
    {
        if ((ulong)SafeEvpPKeyHandle.OpenSslVersion != LibCrypto.OpenSSL_version_num())
            return null;
        return key switch
        {
            ECDsaOpenSsl ecdsa => ecdsa.DuplicateKeyHandle(),
            RSAOpenSsl rsa => rsa.DuplicateKeyHandle(),
            _ => null,
        };
    }
}
