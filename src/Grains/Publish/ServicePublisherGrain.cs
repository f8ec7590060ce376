using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>
/// The service APIs that one APF published; their truth. The catalog is told in two parts: before the write it takes the name and remembers
/// to ask this APF, after the write it shows the API. Whatever a crash comes between, the catalog finds it when it asks.
/// </summary>
[GrainType("service-publisher")]
internal sealed class ServicePublisherGrain(
    [PersistentState("published", GrainStorage.Name)] IPersistentState<ServicePublisherState> state, TimeProvider time)
    : Grain, IServicePublisherGrain, IRemindable
{
    // All of an APF's APIs are one document, written at each change.
    private const int MaxServiceApis = 1000;
    private static readonly Refusal Unknown = Refusal.NotFound("Service API not found", "No Service with specific credentials exists");

    private IServiceCatalogGrain Catalog => GrainFactory.GetGrain<IServiceCatalogGrain>("catalog");

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) => PublishPendingAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome<ServiceApiDescription>> PublishAsync(
        CallerIdentity apf, ServiceApiDescription description, CancellationToken cancellationToken)
    {
        if (description.ApiId is not null)
            return Refusal.OfAttribute("apiId", "is given by the core function and must be absent", cause: "OPTIONAL_IE_INCORRECT");
        if (PublishRules.Check(description) is { } refusal)
            return refusal;
        if (state.State.Published.Count >= MaxServiceApis)
            return Refusal.Of(ErrorKind.TooMany, $"An APF publishes at most {MaxServiceApis} service APIs.", "INSUFFICIENT_RESOURCES");
        state.State.ApiProvDomId = apf.ApiProvDomId!;
        var accepted = description with { ApiId = Guid.NewGuid().ToString("N") };
        if (await ReserveAsync(accepted, cancellationToken) is { } taken)
            return taken;
        state.State.Published.Add(accepted);
        await AddEventAsync(PublishRules.IsAvailable(accepted) ? CapifEvent.ServiceApiAvailable : CapifEvent.ServiceApiUnavailable, accepted, cancellationToken);
        await CommitAsync(accepted, cancellationToken);
        return accepted;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ServiceApiDescription>> GetAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<ServiceApiDescription>>([.. state.State.Published]);

    /// <inheritdoc/>
    public Task<Outcome<ServiceApiDescription>> GetAsync(string apiId, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ServiceApiDescription>>(Find(apiId) is { } found ? found : Unknown);

    /// <inheritdoc/>
    public async Task<Outcome<ServiceApiDescription>> UpdateAsync(string apiId, ServiceApiDescription description, CancellationToken cancellationToken)
    {
        if (Find(apiId) is not { } before)
            return Unknown;
        if (description.ApiId is { } given && given != apiId)
            return Refusal.OfAttribute("apiId", "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        if (PublishRules.Check(description) is { } refusal)
            return refusal;
        var accepted = description with { ApiId = apiId };
        if (await ReserveAsync(accepted, cancellationToken) is { } taken)
            return taken;
        state.State.Published[state.State.Published.IndexOf(before)] = accepted;
        await AddEventAsync(CapifEvent.ServiceApiUpdate, accepted, cancellationToken);
        if (PublishRules.IsAvailable(before) != PublishRules.IsAvailable(accepted))
            await AddEventAsync(PublishRules.IsAvailable(accepted) ? CapifEvent.ServiceApiAvailable : CapifEvent.ServiceApiUnavailable, accepted, cancellationToken);
        await CommitAsync(accepted, cancellationToken);
        return accepted;
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceApiDescription>> PatchAsync(string apiId, ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (Find(apiId) is not { } before)
            return Unknown;
        if (!MergePatch.TryApply(before, patch.AsMemory(), out var patched, out var touched, out var refusal))
            return refusal;
        return touched.Contains("apiName")
            ? Refusal.OfAttribute("apiName", "cannot be patched", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED")
            : await UpdateAsync(apiId, patched, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome> UnpublishAsync(string apiId, CancellationToken cancellationToken)
    {
        if (Find(apiId) is not { } found)
            return Unknown;
        state.State.Published.Remove(found);
        if (PublishRules.IsAvailable(found))
            await AddEventAsync(CapifEvent.ServiceApiUnavailable, found, cancellationToken);
        await state.WriteStateAsync();
        await Catalog.RemoveAsync(apiId, cancellationToken);
        await PublishPendingAsync(cancellationToken);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task UnpublishAllAsync(CancellationToken cancellationToken)
    {
        foreach (var one in state.State.Published.ToList())
            await UnpublishAsync(one.ApiId!, cancellationToken);
        await Catalog.ForgetPublisherAsync(this.GetPrimaryKeyString(), cancellationToken);
        if (state.RecordExists)
            await state.ClearStateAsync();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await PublishPendingAsync(CancellationToken.None);
        await PendingEvents.DoneAsync(this);
    }

    private ServiceApiDescription? Find(string apiId) => state.State.Published.Find(one => one.ApiId == apiId);

    private PublishedServiceApi Entry(ServiceApiDescription description) => new()
    {
        Description = description,
        ApfId = this.GetPrimaryKeyString(),
        ApiProvDomId = state.State.ApiProvDomId,
    };

    private async Task<Refusal?> ReserveAsync(ServiceApiDescription description, CancellationToken cancellationToken) =>
        (await Catalog.ReserveAsync(Entry(description), cancellationToken)).Refusal;

    private async Task CommitAsync(ServiceApiDescription description, CancellationToken cancellationToken)
    {
        await state.WriteStateAsync();
        await Catalog.PutAsync(Entry(description), cancellationToken);
        await PublishPendingAsync(cancellationToken);
    }

    private async Task AddEventAsync(CapifEvent capifEvent, ServiceApiDescription description, CancellationToken cancellationToken)
    {
        if (!await PendingEvents.PrepareAsync(this, GrainFactory, capifEvent, cancellationToken))
            return;
        // 29.222 8.3.4.2.3 NOTE: an update tells the description, the others the identifier (and the description with ApiStatusMonitoring).
        var isUpdate = capifEvent == CapifEvent.ServiceApiUpdate;
        state.State.PendingEvents.Add(new PendingEvent
        {
            EventId = PendingEvents.NewId(),
            Event = capifEvent,
            OccurredAt = time.GetUtcNow(),
            Detail = new CapifEventDetail { ApiIds = isUpdate ? null : [description.ApiId!], ServiceApiDescriptions = [description] },
            ApiIds = [description.ApiId!],
            AefIds = [.. PublishRules.AefIds(description)],
        });
    }

    private async Task PublishPendingAsync(CancellationToken cancellationToken)
    {
        if (state.State.PendingEvents.Count == 0)
            return;
        await PendingEvents.PublishAsync(GrainFactory, state.State.PendingEvents, cancellationToken);
        state.State.PendingEvents.Clear();
        await state.WriteStateAsync();
    }
}
