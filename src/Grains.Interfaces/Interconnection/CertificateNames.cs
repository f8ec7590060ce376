using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Interconnection;

/// <summary>The URIs and DNS names in a certificate's subject alternative name.</summary>
public static class CertificateNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Reads them; a name that cannot be read is none.</summary>
    public static IReadOnlyList<string> Read(X509Certificate2 certificate)
    {
        var found = new List<string>();
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
            return found;
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                if (tag == UriTag || tag == DnsTag)
                    found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                else
                    names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            // Another authority's certificate may hold anything.
        }

        return found;
    }
}
