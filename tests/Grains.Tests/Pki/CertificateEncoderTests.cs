using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Tests.Pki;

public sealed class CertificateEncoderTests : IDisposable
{
    private static readonly X500DistinguishedName Issuer = new("CN=Issuing, O=Operator");
    private static readonly DateTimeOffset From = new(2026, 6, 1, 12, 0, 7, 250, TimeSpan.Zero);
    private readonly ECDsa _issuing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _subject = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _issuing.Dispose();
        _subject.Dispose();
    }

    [Theory]
    [InlineData(CertificateKind.ApiInvoker, 365)]
    [InlineData(CertificateKind.Aef, 365)]
    // Past 2050 the dates are written otherwise.
    [InlineData(CertificateKind.Superadmin, 365 * 30)]
    public void SignedPart_IsThatOfDotNet_OctetByOctet(CertificateKind kind, int days)
    {
        var request = CertificateProfile.Party(kind, "4bf0c2ee", new PublicKey(_subject));
        var serialNumber = Convert.FromHexString(SerialNumber.NewRandom());

        var ours = CertificateEncoder.Sign(request, Issuer, _issuing, serialNumber, From, From.AddDays(days));

        using var theirs = request.Create(Issuer, X509SignatureGenerator.CreateForECDsa(_issuing), From, From.AddDays(days), serialNumber);
        Assert.Equal(Convert.ToHexString(SignedPart(theirs.RawData)), Convert.ToHexString(SignedPart(ours)));
    }

    [Fact]
    public void SerialNumberWhoseFirstBitIsSet_StaysPositive()
    {
        var request = CertificateProfile.Party(CertificateKind.ApiInvoker, "a", new PublicKey(_subject));

        using var certificate = X509CertificateLoader.LoadCertificate(
            CertificateEncoder.Sign(request, Issuer, _issuing, [0xff, 0x01], From, From.AddDays(1)));

        Assert.Equal("00FF01", certificate.SerialNumber);
    }

    private static byte[] SignedPart(byte[] certificate) =>
        new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();
}
