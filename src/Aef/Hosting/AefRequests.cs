using CapifOrleans.Aef.Events;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Frontend.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace CapifOrleans.Aef.Hosting;

/// <summary>What an AEF serves: AEF_Security_API, notifications, and everything else as an invocation.</summary>
internal sealed partial class AefRequests(
    AefSecurityEndpoints security, NotificationEndpoint notifications, InvocationHandler invocations, ILogger<AefRequests> logger)
{
    /// <summary>Handles a request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var connection = http.Features.GetRequiredFeature<InvokerConnection>();
        try
        {
            await (http.Request.Path.Value switch
            {
                AefSecurityEndpoints.CheckAuthentication => security.CheckAuthenticationAsync(http),
                AefSecurityEndpoints.RevokeAuthorization => security.RevokeAuthorizationAsync(http, connection),
                NotificationEndpoint.Path => notifications.NotifyAsync(http, connection),
                _ => invocations.HandleAsync(http, connection),
            });
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more who could be told.
        }
        catch (BadHttpRequestException fault) when (!http.Response.HasStarted)
        {
            await ProblemWriter.WriteAsync(http, fault.StatusCode, "Bad Request", null, null, []);
        }
        catch (Exception fault)
        {
            Failed(fault, http.Connection.Id);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            await ProblemWriter.WriteAsync(http, StatusCodes.Status500InternalServerError, "Internal Server Error", null, "SYSTEM_FAILURE", []);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request of connection {ConnectionId} failed")]
    private partial void Failed(Exception fault, string connectionId);
}
