using System.Text.Json;
using System.Threading.Channels;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Grains.Tests.ProviderManagement;
using CapifOrleans.Publish;
using Microsoft.Extensions.DependencyInjection;
using static CapifOrleans.Grains.Tests.Publish.Descriptions;

namespace CapifOrleans.Grains.Tests.Publish;

/// <summary>Which events a publication makes (29.222 8.3.4.3.3), through the subscription to the destination.</summary>
public sealed class PublishEventTests : INotificationSender
{
    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();

    public Task<bool> SendAsync(Uri destination, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(json);
        return Task.FromResult(_sent.Writer.TryWrite(document.RootElement.GetProperty("events").GetString()!));
    }

    [Fact]
    public async Task Each_change_tells_what_became_of_the_service_api()
    {
        await using var host = await SubscribedAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var publisher = host.Publisher(apf.Id);
        var description = New("api", aefId, "20");

        var apiId = (await publisher.PublishAsync(apf, description, default)).Value!.ApiId!;
        await publisher.UpdateAsync(apiId, description with { Description = "text" }, default);
        await publisher.UpdateAsync(apiId, description with { ApiStatus = new ApiStatus { AefIds = [] } }, default);
        await publisher.UpdateAsync(apiId, description with { ApiStatus = new ApiStatus { AefIds = [aefId] } }, default);
        await publisher.UnpublishAsync(apiId, default);

        Assert.Equal(
            [
                "SERVICE_API_AVAILABLE", "SERVICE_API_UPDATE", "SERVICE_API_UPDATE", "SERVICE_API_UNAVAILABLE",
                "SERVICE_API_UPDATE", "SERVICE_API_AVAILABLE", "SERVICE_API_UNAVAILABLE",
            ],
            await SentAsync(host, 7));
    }

    [Fact]
    public async Task An_inactive_service_api_is_published_as_unavailable_and_goes_silently()
    {
        await using var host = await SubscribedAsync();
        var (apf, aefId) = await host.ProviderAsync("domain");
        var publisher = host.Publisher(apf.Id);

        var inactive = New("api", aefId, "20") with { ApiStatus = new ApiStatus { AefIds = [] } };
        var apiId = (await publisher.PublishAsync(apf, inactive, default)).Value!.ApiId!;
        await publisher.UnpublishAsync(apiId, default);
        await publisher.PublishAsync(apf, New("another", aefId), default);

        Assert.Equal(["SERVICE_API_UNAVAILABLE", "SERVICE_API_AVAILABLE"], await SentAsync(host, 2));
    }

    [Fact]
    public async Task A_kill_at_any_write_loses_no_event_of_what_is_published()
    {
        for (var writes = 0; ; writes++)
        {
            await using var host = await SubscribedAsync();
            var (apf, aefId) = await host.ProviderAsync("domain");
            host.WritesLeft = writes;
            var isDone = await TryAsync(host.Publisher(apf.Id).PublishAsync(apf, New("api", aefId), default));

            await host.KillAndRestartAsync();
            host.Host.Time.Advance(TimeSpan.FromMinutes(2));

            var published = await host.Publisher(apf.Id).GetAllAsync(default);
            if (published.Length > 0)
                Assert.Equal(["SERVICE_API_AVAILABLE"], await SentAsync(host, 1));
            if (isDone)
                return;
        }
    }

    private static async Task<bool> TryAsync(Task<Outcome<ServiceApiDescription>> publication)
    {
        try
        {
            return (await publication).Refusal is null;
        }
        catch (Exception fault) when (StorageFault.Is(fault))
        {
            return false;
        }
    }

    private async Task<ProviderHost> SubscribedAsync()
    {
        var host = await ProviderHost.StartAsync(options => options.ConfigureServices(services => services.AddSingleton<INotificationSender>(this)));
        var subscriber = new CallerIdentity { Role = CallerRole.Amf, Id = "subscriber", ApiProvDomId = "another" };
        var outcome = await host.Host.Grain<IEventSubscriberGrain>("subscriber").SubscribeAsync(
            subscriber,
            new EventSubscription
            {
                Events = [CapifEvent.ServiceApiAvailable, CapifEvent.ServiceApiUnavailable, CapifEvent.ServiceApiUpdate],
                NotificationDestination = "http://127.0.0.1:1/",
                SupportedFeatures = ProviderHost.Features("4"),
            },
            default);
        Assert.Null(outcome.Refusal);
        return host;
    }

    private async Task<IReadOnlyList<string>> SentAsync(ProviderHost host, int count)
    {
        var sent = new List<string>();
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (sent.Count < count)
        {
            var next = _sent.Reader.ReadAsync(bound.Token).AsTask();
            // Deliveries run in timers of a clock that only the test moves.
            while (!next.IsCompleted)
            {
                host.Host.Time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
                bound.Token.ThrowIfCancellationRequested();
            }

            sent.Add(await next);
        }

        return sent;
    }
}
