using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Security;

/// <summary>
/// A page for resource owners: plain HTML with labels, headings and landmarks, no script, no image, no cookie. It may not be framed, sends
/// its forms to this listener only, and is kept by nobody.
/// </summary>
internal static class HtmlPage
{
    private const string Style = """
        body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;color:#1a1a1a;background:#fff}
        main{max-width:36rem;margin:0 auto;padding:1.5rem}
        label{display:block;margin-top:1rem;font-weight:600}
        input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:2px solid #595959;border-radius:4px}
        button{font:inherit;margin:1.25rem .75rem 0 0;padding:.6rem 1.4rem;min-height:44px;border:2px solid #0b4f8a;border-radius:4px;background:#0b4f8a;color:#fff}
        button.other{background:#fff;color:#0b4f8a}
        :focus-visible{outline:3px solid #b34700;outline-offset:2px}
        .alert{border-left:6px solid #a40000;padding:.5rem 1rem;background:#fdf0f0}
        li{margin:.4rem 0}
        """;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    /// <summary>Text as it may stand in HTML, inside quoted attributes as well.</summary>
    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>What somebody is told who could not be let through: screen readers say it at once.</summary>
    public static string Alert(string? text) => text is null ? "" : $"""<p class="alert" role="alert" id="alert">{Encode(text)}</p>""";

    /// <summary>Answers with a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="title">Title and first heading.</param>
    /// <param name="content">The rest, as HTML.</param>
    /// <param name="redirectOrigin">Where the answer to a form may be redirected to; browsers count that as a target of the form.</param>
    public static Task AnswerAsync(HttpContext http, int status, string title, string content, string? redirectOrigin = null)
    {
        SetHeaders(http.Response.Headers, redirectOrigin);
        var page = $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{Encode(title)}</title><style>{Style}</style></head>
            <body><main><h1>{Encode(title)}</h1>
            {content}
            </main></body>
            </html>

            """;
        return Http.Answer.BytesAsync(http, status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page));
    }

    /// <summary>Sends the browser elsewhere, by GET.</summary>
    public static Task RedirectAsync(HttpContext http, string location)
    {
        SetHeaders(http.Response.Headers, null);
        http.Response.Headers[HeaderNames.Location] = location;
        http.Response.ContentLength = 0;
        return Http.Answer.Empty(http, StatusCodes.Status303SeeOther);
    }

    private static void SetHeaders(IHeaderDictionary headers, string? redirectOrigin)
    {
        headers[HeaderNames.ContentSecurityPolicy] =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action 'self'{(redirectOrigin is null ? "" : " " + redirectOrigin)}; frame-ancestors 'none'; base-uri 'none'";
        headers[HeaderNames.XFrameOptions] = "DENY";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers[HeaderNames.CacheControl] = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
