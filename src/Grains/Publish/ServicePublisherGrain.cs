using CapifOrleans.Compatibility;
using CapifOrleans.Events;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>
/// The service APIs that one APF published; their truth. The catalog is told in two parts: before the write it takes the name and remembers
/// to ask this APF, after the write it shows the API. Whatever a crash comes between, the catalog finds it when it asks.
/// </summary>
[GrainType("service-publisher")]
internal sealed partial class ServicePublisherGrain(
    [PersistentState("published", GrainStorage.Name)] IPersistentState<ServicePublisherState> state,
    PolicyRegister policies, InterconnectionOptions interconnection, CompatibilityProfile profile, TimeProvider time,
    ILogger<ServicePublisherGrain> logger)
    : Grain, IServicePublisherGrain, IRemindable
{
    // All of an APF's APIs are one document, written at each change.
    private const int MaxServiceApis = 1000;
    private static readonly Refusal Unknown = Refusal.NotFound("Service API not found", "No Service with specific credentials exists");

    private static readonly Refusal Gone =
        Refusal.Of(ErrorKind.Unauthenticated, "Please provide an existing APF ID", "Certificate not found for APF");

    // What is durable: it changes after a write only, since the catalog asks in the middle of one.
    private ImmutableArray<ServiceApiDescription> _published = [];

    private string ApfId => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _published = [.. state.State.Published];
        if (HasPending)
            this.RegisterGrainTimer(_ => PublishPendingAsync(), TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceApiDescription>> PublishAsync(
        CallerIdentity apf, ServiceApiDescription description, CancellationToken cancellationToken)
    {
        if (IsPeers)
            return await PublishForPeerAsync(description, cancellationToken);
        if (PublishRules.CheckNew(description, profile) is { } refusal)
            return refusal;
        if (_published.Length >= MaxServiceApis)
            return Refusal.Of(ErrorKind.TooMany, $"An APF publishes at most {MaxServiceApis} service APIs.", "INSUFFICIENT_RESOURCES");
        // Its connection may outlive its registration by a moment; what it published then would be nobody's.
        if (await GrainFactory.GetGrain<IProviderFunctionGrain>(ApfId).GetAsync(cancellationToken) is not { Role: CallerRole.Apf } function)
            return Gone;
        if (await CheckAefsAsync(description, function.ApiProvDomId, cancellationToken) is { } foreign)
            return foreign;
        state.State.ApiProvDomId = function.ApiProvDomId;
        state.State.EnrolmentUser = function.EnrolmentUser;
        state.State.HasPublished = true;
        var accepted = PublishRules.Accept(description, Guid.NewGuid().ToString("N"), null, profile);
        return await PutAsync(accepted, _published.Add(accepted), [AvailabilityOf(accepted)]);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ServiceApiDescription>> GetAllAsync(CancellationToken cancellationToken) => Task.FromResult(_published);

    /// <inheritdoc/>
    public Task<Outcome<ServiceApiDescription>> GetAsync(string apiId, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ServiceApiDescription>>(Find(apiId) is { } found ? found : UnknownApi);

    /// <inheritdoc/>
    public async Task<Outcome<ServiceApiDescription>> UpdateAsync(string apiId, ServiceApiDescription description, CancellationToken cancellationToken)
    {
        if (Find(apiId) is not { } before)
            return UnknownApi;
        if (description.ApiId is { } given && given != apiId)
            return Refusal.OfAttribute("apiId", "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        var accepted = PublishRules.Accept(description, apiId, before.SupportedFeatures, profile);
        if (PublishRules.Check(accepted, profile) is { } refusal)
            return refusal;
        if (await (IsPeers ? CheckPeersAsync(accepted, cancellationToken) : CheckAefsAsync(accepted, state.State.ApiProvDomId, cancellationToken)) is { } foreign)
            return foreign;
        if (IsPeers)
            accepted = SharingRules.Received(accepted, PeerCcfId!, interconnection);
        ImmutableArray<CapifEvent> events = PublishRules.IsAvailable(before) == PublishRules.IsAvailable(accepted)
            ? [CapifEvent.ServiceApiUpdate]
            : [CapifEvent.ServiceApiUpdate, AvailabilityOf(accepted)];
        return await PutAsync(accepted, _published.Replace(before, accepted), events);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceApiDescription>> PatchAsync(string apiId, ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (Find(apiId) is not { } before)
            return UnknownApi;
        if (!MergePatch.TryApply(before, patch.AsMemory(), out var patched, out var touched, out var refusal))
            return refusal;
        return PublishRules.CheckPatch(before, touched, profile) is { } forbidden ? forbidden : await UpdateAsync(apiId, patched, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome> UnpublishAsync(string apiId, CancellationToken cancellationToken)
    {
        if (Find(apiId) is not { } found)
            return UnknownApi;
        await RemoveAsync([found]);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task UnpublishAllAsync(CancellationToken cancellationToken)
    {
        state.State.HasPublished = false;
        if (_published.Length > 0)
            await RemoveAsync(_published);
        await Catalog.ForgetPublisherAsync(ApfId, cancellationToken);
        // With events still pending the reminder clears it.
        if (state.RecordExists && !HasPending)
            await state.ClearStateAsync();
    }

    // Who has none left of those it published is told so; what others published is not its to know of.
    private Refusal UnknownApi => _published.IsEmpty && state.State.HasPublished ? Unknown : profile.UnknownServiceApi ?? Unknown;

    private ServiceApiDescription? Find(string apiId) => _published.FirstOrDefault(one => one.ApiId == apiId);

    /// <summary>
    /// An AEF that another domain registered is that domain's, and one that a peer published is the peer's: nobody else may say how it is reached. An AEF
    /// that is not known here may be named; its identifier leads to nobody.
    /// </summary>
    private async Task<Refusal?> CheckAefsAsync(ServiceApiDescription description, string apiProvDomId, CancellationToken cancellationToken)
    {
        var profiles = description.AefProfiles ?? [];
        foreach (var aefId in PublishRules.AefIds(description))
        {
            var function = await GrainFactory.GetGrain<IProviderFunctionGrain>(aefId).GetAsync(cancellationToken);
            var isAllowed = function is null
                ? !await IsAnothersAsync(aefId, one => one.PeerCcfId is not null, cancellationToken)
                : function.Role == CallerRole.Aef && function.ApiProvDomId == apiProvDomId;
            if (isAllowed)
                continue;
            var index = profiles.ToList().FindIndex(profile => profile.AefId == aefId);
            return Refusal.OfAttribute($"aefProfiles[{index}].aefId", "is not an AEF of this API provider", ErrorKind.Forbidden, "AEF_NOT_ALLOWED");
        }

        return null;
    }
}
