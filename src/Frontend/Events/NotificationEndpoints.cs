using CapifOrleans.Events;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.Events;

/// <summary>The websockets that notifications go over (29.122 5.2.5.4).</summary>
internal static class NotificationEndpoints
{
    // It must be within what the channel's activation stays without calls.
    private static readonly TimeSpan KnownAgainAfter = TimeSpan.FromSeconds(30);

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOperation(OperationTable.ConnectNotifications, ConnectAsync);

    /// <summary>A configuration as it is answered: with scheme and host as the client addressed them.</summary>
    public static WebsockNotifConfig? Absolute(HttpContext http, WebsockNotifConfig? accepted) => accepted?.WebsocketUri is { } path
        ? accepted with { WebsocketUri = $"wss://{http.Request.Host.Value}{path}" }
        : accepted;

    private static async Task ConnectAsync(OperationContext context)
    {
        var channel = context.Grains.GetGrain<INotificationChannelGrain>(context.Path("channelId"));
        if (!await channel.IsOwnerAsync(context.Caller.Id, context.ClientGone))
        {
            await ProblemWriter.RefuseAsync(context.Http, Refusal.NotFound("There is no such resource for this caller.", "RESOURCE_NOT_FOUND"));
            return;
        }

        if (!context.Http.WebSockets.IsWebSocketRequest)
        {
            await ProblemWriter.RefuseAsync(context.Http, Refusal.Of(
                ErrorKind.InvalidRequest, "This address takes websockets (RFC 6455, HTTP/1.1) only.", "INVALID_MSG_FORMAT"));
            return;
        }

        using var socket = await context.Http.WebSockets.AcceptWebSocketAsync();
        await using var connection = new NotificationConnection(socket, channel, context.Caller.Id, context.Grains);
        await connection.RunAsync(KnownAgainAfter, context.Http.RequestServices.GetRequiredService<TimeProvider>(), context.ClientGone);
    }
}
