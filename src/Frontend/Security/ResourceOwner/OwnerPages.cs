using System.Globalization;
using CapifOrleans.Frontend.Enrolment;
using CapifOrleans.Security;

namespace CapifOrleans.Frontend.Security;

/// <summary>Where a resource owner sees and takes back consents (33.122 6.5.3.4). The session is a ticket in the page's own forms; no cookie has it.</summary>
internal static class OwnerPages
{
    /// <summary>The first page.</summary>
    public const string Path = "/resource-owner";

    private const string Consents = Path + "/consents";
    private const string Revoke = Path + "/revoke";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)(http => LogInPageAsync(http, StatusCodes.Status200OK, null, null)));
        endpoints.MapPost(Consents, (RequestDelegate)SignInAsync);
        endpoints.MapPost(Revoke, (RequestDelegate)RevokeAsync);
    }

    private static async Task SignInAsync(HttpContext http)
    {
        if (await OwnerForm.ReadAsync(http) is not { } form)
            return;
        var limiter = http.RequestServices.GetRequiredService<AddressLimiter>();
        var address = http.Connection.RemoteIpAddress;
        if (!limiter.TryBegin(address))
        {
            await LogInPageAsync(http, StatusCodes.Status429TooManyRequests, form, "Too many failed attempts from this address. Try again in some minutes.");
            return;
        }

        var login = OwnerForm.LogIn(form);
        var outcome = login is { } owner
            ? await Owner(http, owner.Gpsi).SignInAsync(owner.Password, CancellationToken.None)
            : Refusal.Of(ErrorKind.Unauthenticated, "Identifier or password is wrong.", "LOG_IN_FAILED");
        if (outcome.Refusal is not { Kind: ErrorKind.Unauthenticated })
            limiter.TakeBack(address);
        if (outcome.TryGet(out var session, out var refusal))
            await ConsentsPageAsync(http, login!.Value.Gpsi, session.Ticket, null);
        else
            await LogInPageAsync(http, refusal.Kind == ErrorKind.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status403Forbidden, form, refusal.Detail);
    }

    private static async Task RevokeAsync(HttpContext http)
    {
        if (await OwnerForm.ReadAsync(http) is not { } form)
            return;
        if (form.GetValueOrDefault("owner") is not { } gpsi || !ResourceOwnerAccount.IsGpsi(gpsi)
            || form.GetValueOrDefault("ticket") is not { } ticket || form.GetValueOrDefault("consent") is not { } consent)
        {
            await LogInPageAsync(http, StatusCodes.Status400BadRequest, null, "The form was not whole. Sign in again.");
            return;
        }

        var outcome = await Owner(http, gpsi).RevokeAsync(ticket, consent, CancellationToken.None);
        if (outcome.Refusal is { } refusal)
            await LogInPageAsync(http, StatusCodes.Status403Forbidden, null, refusal.Detail);
        else
            await ConsentsPageAsync(http, gpsi, ticket, "The consent was taken back. The application was told, and what it holds no longer works.");
    }

    private static Task LogInPageAsync(HttpContext http, int status, IReadOnlyDictionary<string, string>? form, string? alert) => HtmlPage.AnswerAsync(
        http, status, "Your consents",
        $"""
        {HtmlPage.Alert(alert)}
        <p>Sign in to see which applications have access to your data, and to take it back.</p>
        <form method="post" action="{Consents}">
        {OwnerForm.LogInFields(form, alert is not null)}
        <button type="submit">Sign in</button>
        </form>
        """);

    private static async Task ConsentsPageAsync(HttpContext http, string gpsi, string ticket, string? done)
    {
        var outcome = await Owner(http, gpsi).GetConsentsAsync(ticket, http.RequestAborted);
        if (!outcome.TryGet(out var list, out var refusal))
        {
            await LogInPageAsync(http, StatusCodes.Status403Forbidden, null, refusal.Detail);
            return;
        }

        var content = done is null ? "" : $"""<p role="status">{HtmlPage.Encode(done)}</p>""";
        content += list.Consents.IsEmpty
            ? "<p>No application has access to your data.</p>"
            : $"<p>These applications have access to your data:</p><ul>{string.Concat(list.Consents.Select(one => Item(one, gpsi, ticket)))}</ul>";
        await HtmlPage.AnswerAsync(http, StatusCodes.Status200OK, "Your consents", content);
    }

    private static string Item(Consent consent, string gpsi, string ticket)
    {
        var api = consent.Api.ApiName + (consent.Api.Part.Length == 0 ? "" : $" – only {consent.Api.Part}");
        var what = HtmlPage.Encode($"{consent.ClientName}: {api}");
        return $"""
            <li><strong>{what}</strong>, since {consent.GivenAt.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}
            <form method="post" action="{Revoke}">
            {OwnerForm.Hidden("owner", gpsi)}{OwnerForm.Hidden("ticket", ticket)}{OwnerForm.Hidden("consent", consent.ConsentId)}
            <button type="submit" aria-label="Take back the consent for {what}">Take back</button>
            </form></li>
            """;
    }

    private static IResourceOwnerGrain Owner(HttpContext http, string gpsi) =>
        http.RequestServices.GetRequiredService<IClusterClient>().GetGrain<IResourceOwnerGrain>(gpsi);
}
