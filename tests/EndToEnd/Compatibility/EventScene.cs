using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>
/// A subscription with a sentinel: one event more, of which something happens at the end. What is wanted must have come before it, and nothing
/// else: deliveries of a subscription keep their order.
/// </summary>
internal sealed class EventScene
{
    private const string Sentinel = "API_INVOKER_UPDATED";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClientLife _life;
    private readonly ChannelReader<JsonNode> _received;
    private readonly ClientInvoker _sentinel;

    private EventScene(ClientLife life, ChannelReader<JsonNode> received, ClientInvoker sentinel, ClientAnswer subscribed)
    {
        (_life, _received, _sentinel, Subscribed) = (life, received, sentinel, subscribed);
    }

    /// <summary>The subscription's answer.</summary>
    public ClientAnswer Subscribed { get; }

    /// <summary>The subscription's identifier.</summary>
    public string SubscriptionId => Subscribed.Path[(Subscribed.Path.LastIndexOf('/') + 1)..];

    /// <summary>Subscribes as that party.</summary>
    public static async Task<EventScene> SubscribeAsync(
        ProfileFixture fixture, ClientLife life, ClientParty subscriber, string features, string[] events, params JsonObject?[] filters)
    {
        var sentinel = await life.InvokerAsync();
        var (destination, received) = fixture.Receiver.Open();
        var isEnhanced = (Convert.ToInt32(features, 16) & 4) != 0;
        var all = filters.Length == 0 ? null : new JsonArray([.. filters.Select(one => (JsonNode)(one?.DeepClone() ?? new JsonObject()))]);
        if (all is not null && isEnhanced)
            all.Add(new JsonObject { ["apiInvokerIds"] = new JsonArray(sentinel.Party.Id) });
        var body = ClientBodies.Subscription(destination, features, [.. events, Sentinel], all);
        var answer = (await life.Client.SendAsync(subscriber, "POST", ClientLife.Subscriptions(subscriber.Id), body)).Expect(201);
        return new EventScene(life, received, sentinel, answer);
    }

    /// <summary>What was notified up to now, without subscriptionId, which must be this subscription's.</summary>
    public async Task<List<JsonNode>> NotifiedAsync()
    {
        (await _life.Client.SendAsync(_sentinel.Party, "PUT", _sentinel.Onboarded.Path, _sentinel.Body)).Expect(200);
        var notified = new List<JsonNode>();
        while (true)
        {
            var one = await _received.ReadAsync().AsTask().WaitAsync(Patience);
            WireShape.Check("EventNotification", one);
            Assert.Equal(SubscriptionId, (string?)one["subscriptionId"]);
            if ((string?)one["events"] == Sentinel)
                return notified;
            one.AsObject().Remove("subscriptionId");
            notified.Add(one);
        }
    }

    /// <summary>Exactly these were notified, in this order.</summary>
    public async Task ExactlyAsync(params JsonNode[] expected)
    {
        var notified = await NotifiedAsync();
        var (wanted, given) = (new JsonArray([.. expected.Select(one => one.DeepClone())]), new JsonArray([.. notified]));
        Assert.True(JsonNode.DeepEquals(wanted, given), $"expected {wanted.ToJsonString()}\nbut it is {given.ToJsonString()}");
    }

    /// <summary>A notification, with a detail or without.</summary>
    public static JsonObject Notification(string name, JsonObject? detail = null)
    {
        var notification = new JsonObject { ["events"] = name };
        if (detail is not null)
            notification["eventDetail"] = detail.DeepClone();
        return notification;
    }

    public static JsonObject ApiIds(params string[] ids) => new() { ["apiIds"] = new JsonArray([.. ids.Select(one => (JsonNode)one)]) };

    public static JsonObject Descriptions(JsonNode description, JsonObject? detail = null)
    {
        detail ??= [];
        detail["serviceAPIDescriptions"] = new JsonArray(description.DeepClone());
        return detail;
    }

    public static JsonObject Invokers(params string[] ids) => new() { ["apiInvokerIds"] = new JsonArray([.. ids.Select(one => (JsonNode)one)]) };
}
