using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Enrolment;
using CapifOrleans.Frontend.Http;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>What a user gets for name and password (Basic), with the paths of OpenCAPIF's register service.</summary>
internal static class LogInEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/login", (RequestDelegate)LogInAsync);
        endpoints.MapGet("/getauth", (RequestDelegate)GetAuthAsync);
    }

    /// <summary>POST /login: a credential for account administration.</summary>
    private static async Task LogInAsync(HttpContext http)
    {
        var gate = http.RequestServices.GetRequiredService<AccountGate>();
        if (await gate.LogInAsync(http, "login", CredentialPurpose.AccountAdministration) is not { } issued)
            return;
        await AnswerAsync(
            http,
            new LogInAnswer { AccessToken = issued.Credential.Text, ExpiresAt = issued.ExpiresAt },
            EnrolmentJson.Relaxed.LogInAnswer);
    }

    /// <summary>GET /getauth: an enrolment credential, and what else a party needs to onboard or register (33.122 6.1 step 1).</summary>
    private static async Task GetAuthAsync(HttpContext http)
    {
        var gate = http.RequestServices.GetRequiredService<AccountGate>();
        if (await gate.LogInAsync(http, "getauth", CredentialPurpose.Enrolment) is not { } issued)
            return;
        var options = http.RequestServices.GetRequiredService<EnrolmentListenerOptions>();
        var answer = new AuthAnswer
        {
            AccessToken = issued.Credential.Text,
            ExpiresAt = issued.ExpiresAt,
            CaRoot = options.TrustBundlePem,
            Core = options.CoreAddress().ToString(),
        };
        await AnswerAsync(http, answer, EnrolmentJson.Relaxed.AuthAnswer);
    }

    private static Task AnswerAsync<T>(HttpContext http, T answer, JsonTypeInfo<T> type)
    {
        // RFC 6749 5.1: nobody on the way may keep a token.
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return Answer.BytesAsync(http, StatusCodes.Status200OK, RequestBody.Json, JsonSerializer.SerializeToUtf8Bytes(answer, type));
    }
}
