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
    private const string WrongSignature =
        "is a signing request whose signature is wrong, or of a kind that cannot be verified; sign it with its own key by SHA-256";


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
        PublicKey? found;
        try
        {
            reason = Parse(text, out found);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException or NotSupportedException)
        {
            reason = $"cannot be read; it must be {Accepted}";
            return false;
        }

        if (reason is not null)
            return false;
        key = new SubjectPublicKey(found!);
        return true;
    }

    private static string? Parse(string text, out PublicKey? key)
    {
        key = null;
        if (text.Length > MaxLength)
            return $"is longer than {MaxLength} characters; it must be {Accepted}";
        if (!PemEncoding.TryFind(text, out var fields))
            return $"is not PEM; it must be {Accepted}";
        var der = Convert.FromBase64String(text[fields.Base64Data]);
        switch (text[fields.Label])
        {
            case "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST":
                return ParseRequest(der, out key);
            case "PUBLIC KEY":
                return Check(PublicKey.CreateFromSubjectPublicKeyInfo(der, out _), out key);
            case "RSA PUBLIC KEY":
                using (var rsa = RSA.Create())
                {
                    rsa.ImportRSAPublicKey(der, out _);
                    return Check(new PublicKey(rsa), out key);
                }

            default:
                return $"is a PEM {text[fields.Label]}; it must be {Accepted}";
        }
    }

    private static string? ParseRequest(byte[] der, out PublicKey? key)
    {
        var claimed = CertificateRequest.LoadSigningRequest(
            der, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.SkipSignatureValidation).PublicKey;
        if (SigningRequest.Verify(der, claimed) is { } holdsKey)
        {
            key = claimed;
            return holdsKey ? null : WrongSignature;
        }

        if (Check(claimed, out key) is { } reason)
            return reason;
        if (claimed.Oid.Value == Ed25519)
            return "is a signing request with an Ed25519 key, whose signature cannot be verified here; send the bare Ed25519 public key";
        try
        {
            // Whoever asks must hold the private key.
            CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256);
            return null;
        }
        catch (Exception fault) when (fault is CryptographicException or NotSupportedException)
        {
            return WrongSignature;
        }
    }

    /// <summary>Refuses what is weak or unknown, and gives the key in the one encoding that its fingerprint is taken of.</summary>
    private static string? Check(PublicKey given, out PublicKey? key)
    {
        key = null;
        using var rsa = given.GetRSAPublicKey();
        if (rsa is not null)
        {
            if (rsa.KeySize is < 2048 or > 8192)
                return $"is an RSA key of {rsa.KeySize} bits; it must have 2048 to 8192";
            key = new PublicKey(rsa);
            return null;
        }

        using var ecdsa = given.GetECDsaPublicKey();
        if (ecdsa is not null)
        {
            var curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
            if (!curve.IsNamed || (curve.Oid.Value is not ("1.2.840.10045.3.1.7" or "1.3.132.0.34") && curve.Oid.FriendlyName is not ("nistP256" or "nistP384")))
                return "is on a curve other than the named curves P-256 and P-384";
            key = new PublicKey(ecdsa);
            return null;
        }

        if (given.Oid.Value != Ed25519 || given.EncodedKeyValue.RawData.Length != 32)
            return $"is of another kind; it must be {Accepted}";
        key = given;
        return null;
    }
}
