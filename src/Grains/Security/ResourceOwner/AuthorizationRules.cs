using System.Net;
using System.Text.RegularExpressions;

namespace CapifOrleans.Grains.Security;

/// <summary>Pure rules of resource owner authorization (RFC 6749 4.1, RFC 7636, RFC 8252).</summary>
internal static partial class AuthorizationRules
{
    /// <summary>How long an authorization code is good. RFC 6749 4.1.2 recommends ten minutes at most.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Whether it is an S256 challenge (RFC 7636 4.2): a SHA-256 in base64url.</summary>
    public static bool IsChallenge(string text) => Challenge().IsMatch(text);

    /// <summary>
    /// Whether an answer may be redirected there. 29.222 has no place where an invoker registers its redirection endpoint, so it must have the
    /// origin of an address that the invoker gave over its own authenticated connection; https, except on the loopback.
    /// </summary>
    public static bool IsRedirectUri(string text, params ReadOnlySpan<string> known)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0 || text.Contains('#', StringComparison.Ordinal) || uri.UserInfo.Length > 0)
            return false;
        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)))
            return false;
        foreach (var one in known)
        {
            if (Uri.TryCreate(one, UriKind.Absolute, out var destination)
                && Uri.Compare(uri, destination, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{43}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Challenge();
}
