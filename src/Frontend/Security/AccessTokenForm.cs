using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CapifOrleans.Compatibility;
using CapifOrleans.Json;
using CapifOrleans.Security;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Security;

/// <summary>Reads an access token request (29.222 8.5.4.2.6, RFC 6749 4.4.2) from its form and, if given, its Basic credentials.</summary>
internal static class AccessTokenForm
{
    private const string Basic = "Basic ";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The request, or the OAuth error that it deserves.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> body, HttpRequest http, [NotNullWhen(true)] out AccessTokenReq? request, [NotNullWhen(false)] out Refusal? refusal)
    {
        request = null;
        refusal = Read(body, http, out var form) ?? Build(form!, http, out request);
        return refusal is null;
    }

    // RFC 6749 3.2: a parameter without a value counts as omitted, one that comes twice is an error.
    private static Refusal? Read(ReadOnlySpan<byte> body, HttpRequest http, out Dictionary<string, string>? form)
    {
        form = new Dictionary<string, string>(8, StringComparer.Ordinal);
        string text;
        try
        {
            text = StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return Invalid("The form is not UTF-8.");
        }

        var hasEmpty = false;
        foreach (var range in text.AsSpan().Split('&'))
        {
            var pair = text.AsSpan(range);
            var equals = pair.IndexOf('=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (name.Length > 0 && !form.TryAdd(name, value))
                return Invalid($"{Shorten(name)} comes more than once.");
            hasEmpty |= value.Length == 0;
        }

        if (hasEmpty)
            form = form.Where(one => one.Value.Length > 0).ToDictionary(StringComparer.Ordinal);
        return http.Headers[HeaderNames.Authorization] is { Count: > 0 } header ? ReadBasic(header, form) : null;
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny('%', '+'))
            return text.ToString();
        Span<char> spaced = text.Length <= 256 ? stackalloc char[text.Length] : new char[text.Length];
        text.Replace(spaced, '+', ' ');
        return Uri.UnescapeDataString(spaced);
    }

    // RFC 6749 2.3.1: user name and password are form-encoded before they are put into the header.
    private static Refusal? ReadBasic(Microsoft.Extensions.Primitives.StringValues header, Dictionary<string, string> form)
    {
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "The Authorization header must be Basic.");
        var encoded = text.AsSpan(Basic.Length).Trim();
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (!Convert.TryFromBase64Chars(encoded, decoded, out var length))
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "The Basic credentials are not base64.");
        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "The Basic credentials have no colon.");
        if (form.ContainsKey("client_secret"))
            return Invalid("The client authenticates twice: by header and by client_secret.");
        var user = Uri.UnescapeDataString(pair[..colon]);
        if (form.TryGetValue("client_id", out var given) && given != user)
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "client_id differs from the Basic user name.");
        form["client_id"] = user;
        form["client_secret"] = Uri.UnescapeDataString(pair[(colon + 1)..]);
        return null;
    }

    private static Refusal? Build(Dictionary<string, string> form, HttpRequest http, out AccessTokenReq? request)
    {
        request = null;
        if (!form.TryGetValue("grant_type", out var grantType))
            return Invalid("grant_type is missing.");
        if (!form.TryGetValue("client_id", out var clientId))
            return Invalid("client_id is missing.");
        if (clientId != http.RouteValues["securityId"] as string)
            return Refusal.Of(ErrorKind.OAuthInvalidClient, "Client Id not found");
        if (grantType is not ("client_credentials" or "authorization_code"))
        {
            if (http.HttpContext.RequestServices.GetRequiredService<CompatibilityProfile>().RefusesGrantTypeByProblem)
            {
                return Refusal.Of(
                    ErrorKind.InvalidRequest, $"'{Shorten(grantType)}' is not one of ['client_credentials', 'authorization_code'] - 'grant_type'");
            }

            return Refusal.Of(
                ErrorKind.OAuthUnsupportedGrantType,
                $"'{Shorten(grantType)}' is not a grant type of this core function: client_credentials and authorization_code are.");
        }

        // 29.222 calls RFC 6749's code authCode; a client may know either.
        if (form.TryGetValue("authCode", out var code) && form.TryGetValue("code", out var other) && code != other)
            return Invalid("authCode and code differ.");
        if (!TryReadOwner(form, out var owner))
            return Invalid("resOwnerId must be a JSON object with gpsi, as {\"gpsi\":\"msisdn-…\"}.");
        request = new AccessTokenReq
        {
            GrantType = grantType == "client_credentials" ? AccessTokenGrantType.ClientCredentials : AccessTokenGrantType.AuthorizationCode,
            ClientId = clientId,
            ClientSecret = form.GetValueOrDefault("client_secret"),
            Scope = form.GetValueOrDefault("scope"),
            ResOwnerId = owner,
            AuthCode = code ?? form.GetValueOrDefault("code"),
            RedirectUri = form.GetValueOrDefault("redirect_uri"),
            CodeVerifier = form.GetValueOrDefault("code_verifier"),
        };
        return null;
    }

    /// <summary>An object in a form has no encoding in 29.222: it is taken as JSON, or as its member by itself, as OpenAPI 3.0 has it.</summary>
    private static bool TryReadOwner(Dictionary<string, string> form, out ResOwnerId? owner)
    {
        owner = form.TryGetValue("gpsi", out var gpsi) ? new ResOwnerId { Gpsi = gpsi } : null;
        if (!form.TryGetValue("resOwnerId", out var text))
            return true;
        return WireValidator.TryRead(Encoding.UTF8.GetBytes(text), out owner, out _) && !string.IsNullOrEmpty(owner.Gpsi) && (gpsi is null || gpsi == owner.Gpsi);
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64];

    private static Refusal Invalid(string detail) => Refusal.Of(ErrorKind.OAuthInvalidRequest, detail);
}
