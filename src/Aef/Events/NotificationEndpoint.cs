using System.Text.Json;
using CapifOrleans.Aef.AccessControl;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Events;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.Json;

namespace CapifOrleans.Aef.Events;

/// <summary>
/// Takes the core function's notifications (29.222 5.4.2.4): who was offboarded, whose authorization or policy changed. A sender that does not
/// prove to be the core function only makes the AEF ask; nobody can end an authorization by saying so. 204 is the acknowledgement of 33.122 6.8
/// step 10: everything is done by then.
/// </summary>
internal sealed partial class NotificationEndpoint(
    AuthorizationEnd end, PolicyCache policies, CoreFunctionPeers peers, ILogger<NotificationEndpoint> logger)
{
    /// <summary>Where they come.</summary>
    public const string Path = "/capif-notifications/v1/events";

    private const int MostInvokers = 1_000;

    /// <summary>Takes one.</summary>
    public async Task NotifyAsync(HttpContext http, InvokerConnection connection)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await ProblemWriter.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed", null, null, []);
            return;
        }

        if (await RequestBody.ReadAsync(http, RequestBody.Json) is not { } body)
            return;
        // A test notification (29.122 5.2.5.3) tells of no event.
        if (!IsTest(body))
        {
            if (!WireValidator.TryRead<EventNotification>(body, out var notification, out var refusal))
            {
                await ProblemWriter.RefuseAsync(http, refusal);
                return;
            }

            try
            {
                await TakeAsync(notification, peers.IsCoreFunction(connection));
            }
            catch (CoreFunctionUnavailableException)
            {
                // Not acknowledged: it comes again.
                await Denial.CoreUnavailable.WriteAsync(http);
                return;
            }
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task TakeAsync(EventNotification notification, bool isCoreFunction)
    {
        Notified(notification.Events, isCoreFunction);
        switch (notification.Events)
        {
            case CapifEvent.ApiInvokerOffboarded or CapifEvent.ApiInvokerAuthorizationRevoked:
                foreach (var apiInvokerId in (notification.EventDetail?.ApiInvokerIds ?? []).Take(MostInvokers))
                {
                    if (isCoreFunction)
                        end.End(apiInvokerId);
                    else
                        await end.VerifyAsync(apiInvokerId);
                }

                break;
            case CapifEvent.AccessControlPolicyUpdate or CapifEvent.AccessControlPolicyUnavailable:
                policies.Changed(notification.EventDetail?.AccCtrlPolList?.ApiId ?? notification.EventDetail?.ApiIds?.FirstOrDefault());
                break;
            default:
                break;
        }
    }

    private static bool IsTest(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("subscription"u8, out _)
                && !document.RootElement.TryGetProperty("events"u8, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Notified of {Event}; by the core function's certificate: {IsCoreFunction}")]
    private partial void Notified(CapifEvent @event, bool isCoreFunction);
}
