using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// The public key that somebody wants certified: from a certificate signing request whose signature proves that its key is held, or as a
/// bare SubjectPublicKeyInfo (33.122 6.1 step 3 only says "public key"). RSA from 2048 bits, P-256, P-384 and Ed25519.
/// </summary>
public sealed class SubjectPublicKey
{
    private const int MaxLength = 16 * 1024;
    private const string Accepted = "a PEM certificate signing request or public key with RSA of 2048 bits or more, P-256, P-384 or Ed25519";
    private const string Ed25519 = "1.3.101.112";

    private SubjectPublicKey(PublicKey key)
    {
        Key = key;
        Sha256Hex = Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>The key.</summary>
    public PublicKey Key { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, upper-case hexadecimal.</summary>
    public string Sha256Hex { get; }

    /// <summary>Reads a key; <paramref name="reason"/> says why one is not taken.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SubjectPublicKey? key, [NotNullWhen(false)] out string? reason)
    {
        key = null;
        reason = Parse(text, out var found) ?? CheckStrength(found!);
        if (reason is not null)
            return false;
        key = new SubjectPublicKey(found!);
        return true;
    }

    private static string? Parse(string text, out PublicKey? key)
    {
        key = null;
        if (text.Length > MaxLength || !PemEncoding.TryFind(text, out var fields))
            return $"must be {Accepted}";
        try
        {
            var der = Convert.FromBase64String(text[fields.Base64Data]);
            switch (text[fields.Label])
            {
                case "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST":
                    // Checks the signature: whoever asks must hold the private key.
                    key = CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256).PublicKey;
                    return null;
                case "PUBLIC KEY":
                    key = PublicKey.CreateFromSubjectPublicKeyInfo(der, out _);
                    return null;
                case "RSA PUBLIC KEY":
                    using (var rsa = RSA.Create())
                    {
                        rsa.ImportRSAPublicKey(der, out _);
                        key = new PublicKey(rsa);
                        return null;
                    }

                default:
                    return $"is a PEM {text[fields.Label]}; it must be {Accepted}";
            }
        }
        catch (CryptographicException)
        {
            return $"cannot be read, or its signature is wrong; it must be {Accepted} (a request with an Ed25519 key cannot be verified here: send the bare key)";
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
        {
            return $"cannot be read; it must be {Accepted}";
        }
    }

    private static string? CheckStrength(PublicKey key)
    {
        try
        {
            using var rsa = key.GetRSAPublicKey();
            if (rsa is not null)
                return rsa.KeySize is >= 2048 and <= 8192 ? null : $"is an RSA key of {rsa.KeySize} bits; it must have 2048 to 8192";
            using var ecdsa = key.GetECDsaPublicKey();
            if (ecdsa is not null)
            {
                var curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve.Oid;
                return curve.Value is "1.2.840.10045.3.1.7" or "1.3.132.0.34" || curve.FriendlyName is "nistP256" or "nistP384"
                    ? null : "is on a curve other than P-256 and P-384";
            }
        }
        catch (CryptographicException)
        {
            return $"cannot be read; it must be {Accepted}";
        }

        return key.Oid.Value == Ed25519 && key.EncodedKeyValue.RawData.Length == 32 ? null : $"is of another kind; it must be {Accepted}";
    }
}
