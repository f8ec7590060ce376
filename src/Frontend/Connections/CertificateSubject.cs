using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Frontend.Connections;

/// <summary>Whose record a certificate of ours belongs to. It is a hint which grain to ask, never an authority.</summary>
internal enum SubjectKind
{
    /// <summary>Not one of ours.</summary>
    Unknown,

    /// <summary>API invoker.</summary>
    ApiInvoker,

    /// <summary>AMF, APF or AEF.</summary>
    ApiProviderFunction,

    /// <summary>The operator's administrator.</summary>
    Superadmin,
}

/// <summary>The identifier in a certificate's URI subject alternative name (<c>urn:capif:api-invoker:…</c>; docs/pki.md).</summary>
internal readonly record struct CertificateSubject(SubjectKind Kind, string Id)
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private static readonly (string Prefix, SubjectKind Kind)[] Prefixes =
    [
        ("urn:capif:api-invoker:", SubjectKind.ApiInvoker),
        ("urn:capif:api-provider-function:", SubjectKind.ApiProviderFunction),
        ("urn:capif:superadmin:", SubjectKind.Superadmin),
    ];

    /// <summary>The subject of the certificate; Unknown where it has no such name.</summary>
    public static CertificateSubject Read(X509Certificate2 certificate)
    {
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
            return default;
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag() != UriTag)
                {
                    names.ReadEncodedValue();
                    continue;
                }

                var uri = names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
                foreach (var (prefix, kind) in Prefixes)
                {
                    if (uri.StartsWith(prefix, StringComparison.Ordinal) && uri.Length > prefix.Length)
                        return new CertificateSubject(kind, uri[prefix.Length..]);
                }
            }
        }
        catch (AsnContentException)
        {
            // A third party's certificate may hold anything; a name that cannot be read is none.
        }

        return default;
    }
}
