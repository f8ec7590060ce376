using CapifOrleans.Enrolment;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace CapifOrleans.Frontend.Security;

/// <summary>
/// The forms of resource owners. None rides on what a browser sends by itself: each brings the owner's password, or a ticket that only the
/// page before it holds, so that another site can forge none (CSRF); one that a browser says comes from another site is refused anyway.
/// </summary>
internal static class OwnerForm
{
    private const int LongestPassword = 256;

    /// <summary>The fields; null when the request was answered with what is wrong with it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> ReadAsync(HttpContext http)
    {
        if (http.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin")
        {
            await HtmlPage.AnswerAsync(http, StatusCodes.Status403Forbidden, "Not allowed", "<p>This form was sent from another site.</p>");
            return null;
        }

        if (await RequestBody.ReadAsync(http, RequestBody.Form) is not { } body)
            return null;
        return Single(QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body)));
    }

    /// <summary>Parameters that come once; one that comes twice counts as not there (RFC 6749 3.1).</summary>
    public static IReadOnlyDictionary<string, string> Single(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> given) => given
        .Where(one => one.Value.Count == 1 && !string.IsNullOrEmpty(one.Value[0]))
        .ToDictionary(one => one.Key, one => one.Value[0]!, StringComparer.Ordinal);

    /// <summary>Who signs in; null where that cannot be anybody.</summary>
    public static (string Gpsi, EnrolmentPassword Password)? LogIn(IReadOnlyDictionary<string, string> form) =>
        form.GetValueOrDefault("gpsi")?.Trim() is { } gpsi && ResourceOwnerAccount.IsGpsi(gpsi)
            && form.GetValueOrDefault("password") is { Length: <= LongestPassword } password
            ? (gpsi, new EnrolmentPassword { Text = password })
            : null;

    /// <summary>The fields of a log-in.</summary>
    public static string LogInFields(IReadOnlyDictionary<string, string>? form, bool isWrong)
    {
        var described = isWrong ? " aria-invalid=\"true\" aria-describedby=\"alert\"" : "";
        return $"""
            <label for="gpsi">Your identifier (for example msisdn-441234567890)</label>
            <input id="gpsi" name="gpsi" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="254" value="{HtmlPage.Encode(form?.GetValueOrDefault("gpsi") ?? "")}"{described}>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="{LongestPassword}"{described}>
            """;
    }

    /// <summary>A field that is not shown.</summary>
    public static string Hidden(string name, string? value) =>
        value is null ? "" : $"""<input type="hidden" name="{name}" value="{HtmlPage.Encode(value)}">""";
}
