using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.Events;

/// <summary>Notifications over a websocket, from subscription to acknowledgement (29.122 5.2.5.4, 29.222 8.3.6).</summary>
[Collection(nameof(CoreCollection))]
public sealed class NotificationWebsocketTests(CoreFixture core)
{
    [Fact]
    public async Task Notifications_GoOverTheWebsocket_NumberedAndSentAgainUntilAcknowledged_29122_5_2_5_4()
    {
        var (location, uri) = await SubscribeAsync();
        using (var first = await ConnectAsync(core.Run.Amf, uri))
        {
            // Not acknowledged: the connection goes, and the notification comes again on the next.
            var (number, test) = await NextAsync(first);
            Assert.Equal("0001", number);
            Assert.EndsWith(location, test["subscription"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        using var socket = await ConnectAsync(core.Run.Amf, uri);
        Assert.Equal("0001", (await NextAsync(socket)).Number);
        await AcknowledgeAsync(socket, "0001");
        using var invoker = await core.OnboardAsync();
        while (true)
        {
            var (number, notification) = await NextAsync(socket);
            await AcknowledgeAsync(socket, number);
            Assert.Equal("API_INVOKER_ONBOARDED", notification["events"]!.GetValue<string>());
            // Other tests onboard as well.
            if (notification["eventDetail"]!["apiInvokerIds"]![0]!.GetValue<string>() == invoker.Id)
                break;
        }

        using var gone = await core.SendAsync(core.Run.Amf, HttpMethod.Delete, location);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await socket.ReceiveAsync(new byte[8192], patience.Token)).MessageType != WebSocketMessageType.Close)
        {
            // What was on its way.
        }
    }

    [Fact]
    public async Task Websocket_IsTheSubscribers_AndTakesNothingElse()
    {
        var (location, uri) = await SubscribeAsync();
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Aef, HttpMethod.Get, uri.AbsolutePath), HttpStatusCode.NotFound);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Amf, HttpMethod.Get, uri.AbsolutePath), HttpStatusCode.BadRequest);
        // A second address for the same subscription is refused; the first, given back, is kept.
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Amf, HttpMethod.Put, location, Subscription(null)), HttpStatusCode.Forbidden, "websockNotifConfig.requestWebsocketUri");
        using var kept = await core.SendAsync(core.Run.Amf, HttpMethod.Put, location, Subscription(uri.AbsoluteUri));
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal(uri.AbsoluteUri, (await CoreFixture.JsonAsync(kept))["websockNotifConfig"]!["websocketUri"]!.GetValue<string>());
        using var gone = await core.SendAsync(core.Run.Amf, HttpMethod.Delete, location);
        await CoreFixture.RefusedAsync(await core.SendAsync(core.Run.Amf, HttpMethod.Get, uri.AbsolutePath), HttpStatusCode.NotFound);
    }

    private static JsonObject Subscription(string? websocketUri)
    {
        var config = new JsonObject { ["requestWebsocketUri"] = true };
        if (websocketUri is not null)
            config["websocketUri"] = websocketUri;
        return new JsonObject
        {
            ["events"] = new JsonArray("API_INVOKER_ONBOARDED"),
            ["notificationDestination"] = "https://127.0.0.1:9/unused",
            ["requestTestNotification"] = true,
            ["websockNotifConfig"] = config,
            ["supportedFeatures"] = "1F",
        };
    }

    private async Task<(string Location, Uri Websocket)> SubscribeAsync()
    {
        using var answer = await core.SendAsync(
            core.Run.Amf, HttpMethod.Post, $"/capif-events/v1/{core.Run.Amf.Id}/subscriptions", Subscription(null));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await CoreFixture.JsonAsync(answer);
        var uri = new Uri(body["websockNotifConfig"]!["websocketUri"]!.GetValue<string>());
        Assert.Equal("wss", uri.Scheme);
        return (answer.Headers.Location!.AbsolutePath, uri);
    }

    private static async Task<ClientWebSocket> ConnectAsync(DemoParty party, Uri uri)
    {
        var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.ConnectAsync(uri, party.Client, patience.Token);
        return socket;
    }

    private static async Task<(string Number, JsonNode Json)> NextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var result = await socket.ReceiveAsync(buffer, patience.Token);
        Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
        Assert.True(result.EndOfMessage);
        var parts = Encoding.UTF8.GetString(buffer, 0, result.Count).Split("\r\n\r\n", 2);
        var head = parts[0].Split("\r\n");
        Assert.StartsWith("3GPP-WS-Notif-Seq: ", head[0], StringComparison.Ordinal);
        Assert.Equal("Content-Type: application/json", head[1]);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(parts[1])}"), head[2]);
        return (head[0][^4..], JsonNode.Parse(parts[1])!);
    }

    private static Task AcknowledgeAsync(ClientWebSocket socket, string number) => socket.SendAsync(
        Encoding.ASCII.GetBytes($"3GPP-WS-Notif-Seq: {number}\r\n204 No Content\r\n\r\n"), WebSocketMessageType.Binary, true, CancellationToken.None);
}
