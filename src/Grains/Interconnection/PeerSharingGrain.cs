using CapifOrleans.Discover;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Interconnection;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Interconnection;

/// <inheritdoc/>
/// <remarks>
/// It compares states rather than sending changes: nothing can be lost between a publication and its sharing, and a peer that was away, or lost what it
/// had, gets what is missing. What the peer has is asked of the peer, at the start, after every failure and now and then.
/// </remarks>
[GrainType("peer-sharing")]
internal sealed partial class PeerSharingGrain(
    [PersistentState("sharing", GrainStorage.Name)] IPersistentState<PeerSharingState> state, IPeerClient client, InterconnectionOptions options,
    TimeProvider time, ILogger<PeerSharingGrain> logger)
    : Grain, IPeerSharingGrain, IRemindable
{
    private const string Reminder = "sharing";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    // What is to be shared: as it is sent.
    private readonly Dictionary<string, (ServiceApiDescription Description, string Digest)> _wanted = new(StringComparer.Ordinal);
    private IGrainTimer? _timer;
    private InterconnectedCcf? _ccf;
    private long _version;

    private string CcfId => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        Start();
    }

    /// <inheritdoc/>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        _timer = null;
        _ccf = null;
        state.State = new PeerSharingState();
        if (state.RecordExists)
            await state.ClearStateAsync();
        await this.EndReminderAsync(Reminder);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SharedServiceApi>> ListAsync(CancellationToken cancellationToken)
    {
        var known = _wanted.Keys.Union(state.State.Shared.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return Task.FromResult<ImmutableArray<SharedServiceApi>>(
            [.. known.Select(apiId => new SharedServiceApi { ApiId = apiId, PeerApiId = state.State.Shared.GetValueOrDefault(apiId)?.PeerApiId, Status = StatusOf(apiId) })]);
    }

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, string>> ToOwnAsync(ImmutableArray<string> peerApiIds, CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Shared.Where(one => one.Value.PeerApiId is { } theirs && peerApiIds.Contains(theirs))
            .ToImmutableDictionary(one => one.Value.PeerApiId!, one => one.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, string>> ToPeersAsync(ImmutableArray<string> apiIds, CancellationToken cancellationToken) =>
        Task.FromResult(apiIds.Distinct(StringComparer.Ordinal).Where(apiId => state.State.Shared.GetValueOrDefault(apiId)?.PeerApiId is not null)
            .ToImmutableDictionary(apiId => apiId, apiId => state.State.Shared[apiId].PeerApiId!, StringComparer.Ordinal));

    private void Start()
    {
        // A process that only administers the data folder tells nobody anything.
        if (options.CcfId is null)
            return;
        _timer ??= this.RegisterGrainTimer(
            CompareAsync, new GrainTimerCreationOptions(TimeSpan.Zero, options.SharingInterval) { Interleave = true, KeepAlive = true });
    }

    private SharingStatus StatusOf(string apiId)
    {
        var entry = state.State.Shared.GetValueOrDefault(apiId);
        if (!_wanted.TryGetValue(apiId, out var wanted))
            return SharingStatus.Withdrawing;
        if (entry?.PeerApiId is not null && entry.Digest == wanted.Digest)
            return SharingStatus.Shared;
        return entry?.RefusedDigest == wanted.Digest ? SharingStatus.Refused : SharingStatus.Pending;
    }

    /// <summary>Brings what is wanted up to date with the catalog and with what is known of the peer; false where the peer is none.</summary>
    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<IInterconnectedCcfGrain>(CcfId).GetAsync(cancellationToken) is not { } ccf)
            return false;
        if (_ccf is null || !_ccf.CapifProvDoms.SequenceEqual(ccf.CapifProvDoms))
            _version = 0;
        if (_ccf is null || _ccf.Address != ccf.Address)
            _listed = false;
        _ccf = ccf;
        if (await GrainFactory.GetGrain<IServiceCatalogGrain>("catalog").GetChangesAsync(_version, cancellationToken) is not { } changes)
            return true;
        if (changes.IsWhole)
            _wanted.Clear();
        foreach (var apiId in changes.Removed)
            _wanted.Remove(apiId);
        foreach (var api in changes.Published)
        {
            if (!SharingRules.IsShared(api, ccf, options))
            {
                _wanted.Remove(api.Description.ApiId!);
                continue;
            }

            var description = SharingRules.ForPeer(api, ccf, options);
            _wanted[api.Description.ApiId!] = (description, SharingRules.Digest(description));
        }

        _version = changes.Version;
        return true;
    }

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // The next activation reads what is stored, and asks the peer what it has.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Service API {ApiId} is shared with core function {CcfId}")]
    private partial void Shared(string apiId, string ccfId);

    [LoggerMessage(2, LogLevel.Information, "Service API {ApiId} is withdrawn from core function {CcfId}")]
    private partial void Withdrawn(string apiId, string ccfId);

    [LoggerMessage(3, LogLevel.Warning, "Core function {CcfId} refused service API {ApiId} with {Status}; a change of it is told again")]
    private partial void Refused(string ccfId, string apiId, int status);
}
