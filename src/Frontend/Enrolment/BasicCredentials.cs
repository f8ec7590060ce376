using System.Diagnostics.CodeAnalysis;
using System.Text;
using CapifOrleans.Enrolment;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>User name and password of HTTP Basic authentication (RFC 7617), in UTF-8.</summary>
internal sealed record BasicCredentials(string UserName, EnrolmentPassword Password)
{
    private const string Scheme = "Basic ";
    private const int MostOctets = 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads them from the Authorization header; false where they are missing or malformed.</summary>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out BasicCredentials? credentials)
    {
        credentials = null;
        var header = request.Headers[HeaderNames.Authorization];
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var decoded = new byte[MostOctets];
        if (!Convert.TryFromBase64String(text[Scheme.Length..].Trim(), decoded, out var length))
            return false;
        try
        {
            var pair = StrictUtf8.GetString(decoded, 0, length);
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                return false;
            credentials = new BasicCredentials(pair[..colon], new EnrolmentPassword { Text = pair[(colon + 1)..] });
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
