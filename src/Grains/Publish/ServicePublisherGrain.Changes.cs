using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Routing;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>How a change is made: names taken, events prepared, one write, the catalog told, events published.</summary>
internal sealed partial class ServicePublisherGrain
{
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RemovePoliciesAgainAfter = TimeSpan.FromMinutes(1);

    // The APIs of which the catalog may know something else than is durable here.
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);
    private IGrainTimer? _tellAgain;

    private bool HasPending => state.State.PendingEvents.Count + state.State.PoliciesToRemove.Count > 0;

    private IServiceCatalogGrain Catalog => GrainFactory.GetGrain<IServiceCatalogGrain>("catalog");

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!await PublishPendingAsync())
            return;
        if (_published.IsEmpty && state.RecordExists && !state.State.HasPublished)
            await state.ClearStateAsync();
        await PendingEvents.DoneAsync(this);
    }

    private static CapifEvent AvailabilityOf(ServiceApiDescription description) =>
        PublishRules.IsAvailable(description) ? CapifEvent.ServiceApiAvailable : CapifEvent.ServiceApiUnavailable;

    private async Task<Outcome<ServiceApiDescription>> PutAsync(
        ServiceApiDescription accepted, ImmutableArray<ServiceApiDescription> published, ImmutableArray<CapifEvent> events)
    {
        var apiId = accepted.ApiId!;
        try
        {
            var before = await Catalog.GetAsync(apiId, CancellationToken.None);
            if (!(await Catalog.ReserveAsync(Entry(accepted), CancellationToken.None)).TryGet(out var shown, out var taken))
                return taken;
            // The AEF that hides others first: it must be able to route what the others hear of (29.222 5.3.2.2.2 steps v and d).
            var told = TopologyHidingEvents.Between(before, shown, time.GetUtcNow()).Concat(events.Select(one => EventOf(one, shown.Description)));
            await CommitAsync(published, await PrepareAsync(told));
            await TellCatalogAsync(apiId);
        }
        catch
        {
            // The catalog may hold a name for what is not there, or not show what is.
            TellCatalogAgain(apiId);
            throw;
        }

        await PublishPendingAsync();
        return accepted;
    }

    private async Task RemoveAsync(ImmutableArray<ServiceApiDescription> removed)
    {
        var shown = new List<PublishedServiceApi>();
        foreach (var one in removed)
        {
            // What the catalog never showed has nothing to tell of its AEFs.
            shown.Add(await Catalog.GetAsync(one.ApiId!, CancellationToken.None) ?? Entry(one with { AefProfiles = null }));
        }

        var now = time.GetUtcNow();
        var pending = await PrepareAsync(shown.SelectMany(one => TopologyHidingEvents.Between(one, null, now)).Concat(
            shown.Where(one => PublishRules.IsAvailable(one.Description)).Select(one => EventOf(CapifEvent.ServiceApiUnavailable, one.Description))));
        // Found again after a crash, until done.
        await this.RegisterOrUpdateReminder(PendingEvents.Reminder, RemovePoliciesAgainAfter, RemovePoliciesAgainAfter);
        foreach (var (one, known) in removed.Zip(shown))
            state.State.PoliciesToRemove[one.ApiId!] = [.. PublishRules.AefIds(one).Union(PublishRules.AefIds(known), StringComparer.Ordinal)];
        await CommitAsync(_published.RemoveRange(removed), pending);
        foreach (var one in removed)
        {
            try
            {
                await TellCatalogAsync(one.ApiId!);
            }
            catch
            {
                TellCatalogAgain(one.ApiId!);
                throw;
            }
        }

        await PublishPendingAsync();
    }

    private async Task CommitAsync(ImmutableArray<ServiceApiDescription> published, List<PendingEvent> events)
    {
        state.State.Published = [.. published];
        state.State.PendingEvents.AddRange(events);
        try
        {
            await state.WriteStateAsync();
            _published = published;
        }
        catch
        {
            // Nobody knows whether it was written.
            await state.ReadStateAsync();
            _published = [.. state.State.Published];
            throw;
        }
    }

    private PublishedServiceApi Entry(ServiceApiDescription description) =>
        new() { Description = description, ApfId = ApfId, ApiProvDomId = state.State.ApiProvDomId, EnrolmentUser = state.State.EnrolmentUser };

    private Task TellCatalogAsync(string apiId) => Find(apiId) is { } found
        ? Catalog.PutAsync(Entry(found), CancellationToken.None)
        : Catalog.RemoveAsync(apiId, CancellationToken.None);

    private void TellCatalogAgain(string apiId)
    {
        _untold.Add(apiId);
        _tellAgain ??= this.RegisterGrainTimer(TellCatalogAgainAsync, TellAgainAfter, TellAgainAfter);
    }

    private async Task TellCatalogAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var apiId in _untold.ToList())
        {
            await TellCatalogAsync(apiId);
            _untold.Remove(apiId);
        }

        _tellAgain?.Dispose();
        _tellAgain = null;
    }

    /// <summary>The events that anybody subscribed to.</summary>
    private async Task<List<PendingEvent>> PrepareAsync(IEnumerable<PendingEvent> events)
    {
        var prepared = new List<PendingEvent>();
        foreach (var one in events)
        {
            if (await PendingEvents.PrepareAsync(this, GrainFactory, one.Event, CancellationToken.None))
                prepared.Add(one);
        }

        return prepared;
    }

    /// <summary>An event of a service API as it is shown: it tells nothing that discovery hides.</summary>
    private PendingEvent EventOf(CapifEvent capifEvent, ServiceApiDescription description) => new()
    {
        EventId = PendingEvents.NewId(),
        Event = capifEvent,
        OccurredAt = time.GetUtcNow(),
        // 29.222 8.3.4.2.3 NOTE: an update tells the description, the others the identifier (and the description with ApiStatusMonitoring).
        Detail = new CapifEventDetail
        {
            ApiIds = capifEvent == CapifEvent.ServiceApiUpdate ? null : [description.ApiId!],
            ServiceApiDescriptions = [description],
        },
        ApiIds = [description.ApiId!],
        AefIds = [.. PublishRules.AefIds(description)],
    };

    /// <summary>
    /// Publishes what is pending; false when that failed. The change that the events tell of is done: its caller must not see a failure of
    /// theirs, and the reminder tries again.
    /// </summary>
    private async Task<bool> PublishPendingAsync()
    {
        if (!HasPending)
            return true;
        try
        {
            foreach (var (apiId, aefIds) in state.State.PoliciesToRemove)
                await policies.RemoveAsync(apiId, [.. aefIds], CancellationToken.None);
            await PendingEvents.PublishAsync(GrainFactory, state.State.PendingEvents, CancellationToken.None);
            state.State.PoliciesToRemove = [];
            state.State.PendingEvents = [];
            await state.WriteStateAsync();
            return true;
        }
#pragma warning disable CA1031 // Whatever it was, the events stay pending.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NotPublished(ApfId, fault);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Events of {ApfId}'s service APIs could not be published; they are tried again")]
    private partial void NotPublished(string apfId, Exception fault);
}
