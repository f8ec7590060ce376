using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// The signature of a certificate signing request (RFC 2986 4.2), by the short way: the kinds that nearly all requests are of, at a tenth of
/// what .NET's <see cref="CertificateRequest"/> takes for them, which was most of what an onboarding cost.
/// </summary>
internal static class SigningRequest
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    // The parameters of a key on a named curve, as they are encoded (RFC 5480 2.1.1).
    private static readonly byte[] P256 = Encoded("1.2.840.10045.3.1.7");
    private static readonly byte[] P384 = Encoded("1.3.132.0.34");

    /// <summary>
    /// Whether the key that the request claims made its signature: ECDSA on P-256 or P-384 with SHA-256, SHA-384 or SHA-512. Null for every
    /// other kind, and where OpenSSL itself is not there: the long way must tell. The request's structure has been checked before.
    /// </summary>
    public static bool? Verify(byte[] request, PublicKey claimed)
    {
        if (!OpenSslEcdsa.IsAvailable || claimed.Oid.Value != EcPublicKey || !IsWholePoint(claimed))
            return null;
        var parts = new AsnReader(request, AsnEncodingRules.DER).ReadSequence();
        var information = parts.ReadEncodedValue();
        var algorithm = parts.ReadSequence();
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        int length;
        switch (algorithm.ReadObjectIdentifier())
        {
            case "1.2.840.10045.4.3.2":
                length = SHA256.HashData(information.Span, hash);
                break;
            case "1.2.840.10045.4.3.3":
                length = SHA384.HashData(information.Span, hash);
                break;
            case "1.2.840.10045.4.3.4":
                length = SHA512.HashData(information.Span, hash);
                break;
            default:
                return null;
        }

        var signature = parts.ReadBitString(out var unused);
        return unused == 0 && OpenSslEcdsa.Verify(claimed.EncodedKeyValue.RawData, hash[..length], signature);
    }

    /// <summary>In the one encoding that fingerprints are taken of: the curve by its name, the point uncompressed.</summary>
    private static bool IsWholePoint(PublicKey key)
    {
        if (key.EncodedParameters is not { } encoded)
            return false;
        var parameters = encoded.RawData.AsSpan();
        var point = key.EncodedKeyValue.RawData;
        return point.Length > 0 && point[0] == 4
            && ((point.Length == 65 && parameters.SequenceEqual(P256)) || (point.Length == 97 && parameters.SequenceEqual(P384)));
    }

    private static byte[] Encoded(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }
}
