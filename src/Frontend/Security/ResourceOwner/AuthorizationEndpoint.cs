using CapifOrleans.Frontend.Enrolment;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace CapifOrleans.Frontend.Security;

/// <summary>
/// The authorization endpoint (RFC 6749 3.1, 4.1.1; 29.222 5.6.2.3.2 NOTE 1 refers there): a resource owner reads what an API invoker asks for,
/// and allows it by password, or denies it. It is on the enrolment listener, since browsers come without client certificates.
/// </summary>
internal static class AuthorizationEndpoint
{
    /// <summary>Its path.</summary>
    public const string Path = "/oauth/authorize";

    private static readonly string[] Parameters =
        ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)ShowAsync);
        endpoints.MapPost(Path, (RequestDelegate)DecideAsync);
    }

    private static async Task ShowAsync(HttpContext http)
    {
        var given = OwnerForm.Single(http.Request.Query);
        if (await CheckAsync(http, given) is { } offer)
            await PageAsync(http, StatusCodes.Status200OK, given, offer, null);
    }

    private static async Task DecideAsync(HttpContext http)
    {
        if (await OwnerForm.ReadAsync(http) is not { } form || await CheckAsync(http, form) is not { } offer)
            return;
        if (form.GetValueOrDefault("decision") != "allow")
        {
            await RedirectAsync(http, form, "error", "access_denied", "The resource owner denied it.");
            return;
        }

        var limiter = http.RequestServices.GetRequiredService<AddressLimiter>();
        var address = http.Connection.RemoteIpAddress;
        if (!limiter.TryBegin(address))
        {
            await PageAsync(http, StatusCodes.Status429TooManyRequests, form, offer, "Too many failed attempts from this address. Try again in some minutes.");
            return;
        }

        var outcome = OwnerForm.LogIn(form) is { } owner
            ? await http.RequestServices.GetRequiredService<IClusterClient>().GetGrain<IResourceOwnerGrain>(owner.Gpsi)
                .AuthorizeAsync(owner.Password, Request(form), CancellationToken.None)
            : Refusal.Of(ErrorKind.Unauthenticated, "Identifier or password is wrong.", "LOG_IN_FAILED");
        if (outcome.Refusal is not { Kind: ErrorKind.Unauthenticated })
            limiter.TakeBack(address);
        if (outcome.TryGet(out var code, out var refusal))
            await RedirectAsync(http, form, "code", code.Code, null);
        else if (refusal.Kind is ErrorKind.Unauthenticated or ErrorKind.TooMany)
            await PageAsync(http, refusal.Kind == ErrorKind.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status403Forbidden, form, offer, refusal.Detail);
        else
            await RefuseAsync(http, form, refusal);
    }

    /// <summary>What the request asks for; null when it was answered with what is wrong with it.</summary>
    private static async Task<AuthorizationOffer?> CheckAsync(HttpContext http, IReadOnlyDictionary<string, string> given)
    {
        if (!given.TryGetValue("client_id", out var clientId) || !given.ContainsKey("redirect_uri") || !IsIdentifier(clientId))
        {
            await HtmlPage.AnswerAsync(
                http, StatusCodes.Status400BadRequest, "This request cannot be answered",
                "<p>The application sent you here without client_id or redirect_uri. Tell its makers; there is nothing that you could do.</p>");
            return null;
        }

        var outcome = await http.RequestServices.GetRequiredService<IClusterClient>().GetGrain<IApiInvokerGrain>(clientId)
            .CheckAuthorizationRequestAsync(Request(given), http.RequestAborted);
        if (!outcome.TryGet(out var offer, out var refusal))
        {
            await RefuseAsync(http, given, refusal);
            return null;
        }

        // From here on the address is known to be the client's: it is told what it did wrong.
        if (given.GetValueOrDefault("response_type") is not { } type)
            await RedirectAsync(http, given, "error", "invalid_request", "response_type is missing.");
        else if (type != "code")
            await RedirectAsync(http, given, "error", "unsupported_response_type", "response_type must be code.");
        else if (given.ContainsKey("code_challenge") && given.GetValueOrDefault("code_challenge_method") != "S256")
            await RedirectAsync(http, given, "error", "invalid_request", "code_challenge_method must be S256.");
        else
            return offer;
        return null;
    }

    // What cannot be an apiInvokerId must not become a grain's key.
    private static bool IsIdentifier(string text) => text.Length <= 64 && text.All(char.IsAsciiLetterOrDigit);

    private static AuthorizationRequest Request(IReadOnlyDictionary<string, string> given) => new()
    {
        ApiInvokerId = given["client_id"],
        RedirectUri = given["redirect_uri"],
        Scope = given.GetValueOrDefault("scope"),
        CodeChallenge = given.GetValueOrDefault("code_challenge"),
    };

    private static Task RefuseAsync(HttpContext http, IReadOnlyDictionary<string, string> given, Refusal refusal) => Problems.ProblemMap.OAuthCode(refusal.Kind) is { } error
        ? RedirectAsync(http, given, "error", error, refusal.Detail)
        : HtmlPage.AnswerAsync(
            http, StatusCodes.Status400BadRequest, "This request cannot be answered", $"<p>{HtmlPage.Encode(refusal.Detail)}</p>");

    /// <summary>RFC 6749 4.1.2 and 4.1.2.1.</summary>
    private static Task RedirectAsync(HttpContext http, IReadOnlyDictionary<string, string> given, string name, string value, string? description)
    {
        var answer = new Dictionary<string, string?>
        {
            [name] = value,
            ["error_description"] = description,
            ["state"] = given.GetValueOrDefault("state"),
        };
        return HtmlPage.RedirectAsync(http, QueryHelpers.AddQueryString(given["redirect_uri"], answer.Where(one => one.Value is not null)));
    }

    private static Task PageAsync(HttpContext http, int status, IReadOnlyDictionary<string, string> given, AuthorizationOffer offer, string? alert)
    {
        var redirect = new Uri(given["redirect_uri"]);
        var apis = string.Concat(offer.Apis.Select(api =>
            $"<li>{HtmlPage.Encode(api.ApiName)}{(api.Part.Length == 0 ? "" : $" – only {HtmlPage.Encode(api.Part)}")}</li>"));
        var content = $"""
            {HtmlPage.Alert(alert)}
            <p><strong>{HtmlPage.Encode(offer.ClientName)}</strong> asks for access to your data by:</p>
            <ul>{apis}</ul>
            <p>You go on at {HtmlPage.Encode(redirect.GetLeftPart(UriPartial.Authority))}. You can take your consent back at <a href="{OwnerPages.Path}">your consents</a> at any time.</p>
            <form method="post" action="{Path}">
            {string.Concat(Parameters.Select(name => OwnerForm.Hidden(name, given.GetValueOrDefault(name))))}
            {OwnerForm.LogInFields(given, alert is not null)}
            <button type="submit" name="decision" value="allow">Allow</button>
            <button type="submit" name="decision" value="deny" class="other" formnovalidate>Deny</button>
            </form>
            """;
        return HtmlPage.AnswerAsync(http, status, "Allow access?", content, redirect.GetLeftPart(UriPartial.Authority));
    }
}
