using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Frontend.Hosting;
using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

/// <summary>
/// The control socket: a Unix domain socket in the data folder, mode 0600, by which the commands reach the running core function. Whoever can
/// open it could read the data folder as well; it asks for no credential.
/// </summary>
internal static partial class ControlListener
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Starts it at <paramref name="socket"/>. The caller owns the data folder, so that a socket that lies there is a dead one's.</summary>
    public static async Task<WebApplication> StartAsync(
        string socket, IAdministration administration, Func<CancellationToken, Task<CoreStatus>> status, IServiceProvider host, CancellationToken cancellationToken)
    {
        File.Delete(socket);
        var builder = ListenerBuilder.Create(host);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            ListenerBuilder.ApplyLimits(kestrel, maxConnections: 100);
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.ListenUnixSocket(socket);
        });
        var application = builder.Build();
        application.UseProblems();
        Map(application, administration, status);
        await application.StartAsync(cancellationToken);
        File.SetUnixFileMode(socket, OwnerOnly);
        return application;
    }

    private static void Map(WebApplication application, IAdministration administration, Func<CancellationToken, Task<CoreStatus>> status)
    {
        var json = ControlJson.Default;
        application.MapGet("/status", (RequestDelegate)(async http => await AnswerAsync(http, await status(http.RequestAborted), json.CoreStatus)));
        application.MapGet("/users", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListUsersAsync(http.RequestAborted), json.ImmutableArrayEnrolmentUser)));
        application.MapPost("/users", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.NewUser) is { } user)
                await AnswerAsync(http, await administration.AddUserAsync(user, CancellationToken.None), json.OutcomeEnrolmentUser);
        }));
        application.MapDelete("/users/{name}", (RequestDelegate)(async http =>
        {
            var name = (string)http.Request.RouteValues["name"]!;
            await AnswerAsync(http, await administration.RemoveUserAsync(name, CancellationToken.None), json.Outcome);
        }));
        MapTokenKeys(application, administration);
        MapImports(application, administration);
        application.MapGet("/retentions", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListRetentionsAsync(http.RequestAborted), json.ImmutableArrayInvocationLogRetention)));
        application.MapPost("/retentions", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.InvocationLogRetention) is { } retention)
                await AnswerAsync(http, await administration.SetRetentionAsync(retention, CancellationToken.None), json.Outcome);
        }));
        application.MapDelete("/retentions/{apiId}", (RequestDelegate)(async http =>
        {
            var apiId = (string)http.Request.RouteValues["apiId"]!;
            await AnswerAsync(http, await administration.RemoveRetentionAsync(apiId, CancellationToken.None), json.Outcome);
        }));
        application.MapPost("/policies", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.PolicySetting) is { } setting)
                await AnswerAsync(http, await administration.SetPolicyAsync(setting, CancellationToken.None), json.Outcome);
        }));
        application.MapGet("/policies/{apiId}", (RequestDelegate)(async http =>
        {
            var apiId = (string)http.Request.RouteValues["apiId"]!;
            await AnswerAsync(http, await administration.ListPoliciesAsync(apiId, http.RequestAborted), json.OutcomePolicyReport);
        }));
        application.MapPost("/policies/remove", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.PolicySubject) is { } subject)
                await AnswerAsync(http, await administration.RemovePolicyAsync(subject, CancellationToken.None), json.Outcome);
        }));
        MapOnboardings(application, administration);
        MapResourceOwners(application, administration);
        MapDiscovery(application, administration);
        MapPeers(application, administration);
        application.MapPost("/certificates", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.CertificateOrder) is { } order)
                await AnswerAsync(http, await administration.IssueAsync(order, CancellationToken.None), json.OutcomeSignedCertificate);
        }));
    }

    private static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) is { } value)
                return value;
        }
        catch (JsonException)
        {
            // Another version of the program: told below.
        }

        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return null;
    }

    private static Task AnswerAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, http.RequestAborted);
    }
}
