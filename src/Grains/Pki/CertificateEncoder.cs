using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// Certificates (RFC 5280 4.1) as octets, signed by ECDSA with SHA-256. <see cref="CertificateRequest"/> makes the same octets and then reads
/// them back into a certificate, which takes ten times as long as all of it here.
/// </summary>
internal static class CertificateEncoder
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);

    /// <summary>The certificate, DER.</summary>
    /// <param name="request">Subject, key and extensions.</param>
    /// <param name="issuer">The issuer's name.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="serialNumber">The serial number, a positive integer, most significant octet first.</param>
    /// <param name="notBefore">The first second in which it is valid.</param>
    /// <param name="notAfter">The last.</param>
    public static byte[] Sign(
        CertificateRequest request, X500DistinguishedName issuer, ECDsa key, ReadOnlySpan<byte> serialNumber, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var body = Body(request, issuer, serialNumber, notBefore, notAfter);
        var writer = new AsnWriter(AsnEncodingRules.DER, body.Length + 128);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(body);
            WriteAlgorithm(writer);
            writer.WriteBitString(key.SignData(body, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return writer.Encode();
    }

    /// <summary>The tbsCertificate (RFC 5280 4.1.2).</summary>
    private static byte[] Body(
        CertificateRequest request, X500DistinguishedName issuer, ReadOnlySpan<byte> serialNumber, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 1024);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Version))
                writer.WriteInteger(2);
            writer.WriteIntegerUnsigned(serialNumber);
            WriteAlgorithm(writer);
            writer.WriteEncodedValue(issuer.RawData);
            using (writer.PushSequence())
            {
                WriteTime(writer, notBefore);
                WriteTime(writer, notAfter);
            }

            writer.WriteEncodedValue(request.SubjectName.RawData);
            writer.WriteEncodedValue(request.PublicKey.ExportSubjectPublicKeyInfo());
            using (writer.PushSequence(Extensions))
            using (writer.PushSequence())
            {
                foreach (var extension in request.CertificateExtensions)
                    WriteExtension(writer, extension);
            }
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(EcdsaWithSha256);
    }

    /// <summary>RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime after; whole seconds.</summary>
    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year is >= 1950 and < 2050)
            writer.WriteUtcTime(time);
        else
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }

    private static void WriteExtension(AsnWriter writer, X509Extension extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid!.Value!);
            if (extension.Critical)
                writer.WriteBoolean(true);
            writer.WriteOctetString(extension.RawData);
        }
    }
}
