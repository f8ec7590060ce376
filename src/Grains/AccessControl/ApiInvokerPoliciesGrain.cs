using CapifOrleans.AccessControl;
using CapifOrleans.Compatibility;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.AccessControl;

/// <inheritdoc/>
[GrainType("api-invoker-policies")]
internal sealed partial class ApiInvokerPoliciesGrain(
    [PersistentState("policies", GrainStorage.Name)] IPersistentState<ApiInvokerPoliciesState> state, CompatibilityProfile profile, TimeProvider time,
    ILogger<ApiInvokerPoliciesGrain> logger)
    : Grain, IApiInvokerPoliciesGrain, IRemindable
{
    private string ApiId => this.GetPrimaryKeyString().Split('/')[0];

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) => PublishPendingAsync();

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await PublishPendingAsync();
        if (state.State.PendingEvents.Count == 0)
            await PendingEvents.DoneAsync(this);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HeldPolicy>> GetAsync(string? apiInvokerId, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<HeldPolicy>>(
            [.. state.State.Policies.Where(one => apiInvokerId is null || one.Policy.ApiInvokerId == apiInvokerId).Select(one => one.Held())]);

    /// <inheritdoc/>
    public Task PutAsync(ImmutableArray<HeldPolicy> policies, ImmutableArray<string> aefIds, CancellationToken cancellationToken)
    {
        var after = new List<StoredPolicy>(state.State.Policies);
        foreach (var policy in policies)
        {
            var index = after.FindIndex(one =>
                one.AefId == policy.AefId && one.IsByDefault == policy.IsByDefault && one.Policy.ApiInvokerId == policy.Policy.ApiInvokerId);
            if (index < 0)
                after.Add(StoredPolicy.Of(policy, time.GetUtcNow()));
            else if (!policy.IsByDefault)
                after[index] = StoredPolicy.Of(policy, after[index].CreatedAt);
        }

        return profile.TellsUnchangedPolicies && policies.All(one => one.IsByDefault)
            ? NegotiatedAsync(policies, after, cancellationToken)
            : ChangeAsync(after, aefIds, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> UnsetAsync(string? aefId, string apiInvokerId, ImmutableArray<string> aefIds, CancellationToken cancellationToken)
    {
        var after = state.State.Policies.FindAll(one => one.IsByDefault || one.AefId != aefId || one.Policy.ApiInvokerId != apiInvokerId);
        if (after.Count == state.State.Policies.Count)
            return false;
        await ChangeAsync(after, aefIds, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task EndAsync(string aefId, string apiInvokerId, ImmutableArray<string> aefIds, CancellationToken cancellationToken) => ChangeAsync(
        state.State.Policies.FindAll(one => !one.IsByDefault || one.AefId != aefId || one.Policy.ApiInvokerId != apiInvokerId), aefIds, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string? apiInvokerId, ImmutableArray<string> aefIds, CancellationToken cancellationToken) => ChangeAsync(
        apiInvokerId is null ? [] : state.State.Policies.FindAll(one => one.Policy.ApiInvokerId != apiInvokerId), aefIds, cancellationToken);

    /// <summary>Each AEF is told of the policy that holds there, whether it is new or not.</summary>
    private async Task NegotiatedAsync(ImmutableArray<HeldPolicy> policies, List<StoredPolicy> after, CancellationToken cancellationToken)
    {
        foreach (var one in policies)
        {
            if (EffectivePolicies.At(one.AefId!, after.Select(stored => stored.Held())).GetValueOrDefault(one.Policy.ApiInvokerId) is { } policy)
                await AddEventAsync(new PolicyChange(IsGone: false, policy, [one.AefId!]), cancellationToken);
        }

        state.State.Policies = after;
        await WriteAsync();
        await PublishPendingAsync();
    }

    private async Task ChangeAsync(List<StoredPolicy> after, ImmutableArray<string> aefIds, CancellationToken cancellationToken)
    {
        var before = state.State.Policies;
        if (after.Count == before.Count && after.Zip(before).All(pair => ReferenceEquals(pair.First, pair.Second)))
            return;
        foreach (var change in EffectivePolicies.Changes([.. before.Select(one => one.Held())], [.. after.Select(one => one.Held())], aefIds))
            await AddEventAsync(change, cancellationToken);
        state.State.Policies = after;
        await WriteAsync();
        await PublishPendingAsync();
    }

    private async Task AddEventAsync(PolicyChange change, CancellationToken cancellationToken)
    {
        var capifEvent = change.IsGone ? CapifEvent.AccessControlPolicyUnavailable : CapifEvent.AccessControlPolicyUpdate;
        if (!await PendingEvents.PrepareAsync(this, GrainFactory, capifEvent, cancellationToken))
            return;
        state.State.PendingEvents.Add(new PendingEvent
        {
            EventId = PendingEvents.NewId(),
            Event = capifEvent,
            OccurredAt = time.GetUtcNow(),
            Detail = new CapifEventDetail { AccCtrlPolList = new AccessControlPolicyListExt { ApiId = ApiId, ApiInvokerPolicies = [change.Policy] } },
            ApiIds = [ApiId],
            AefIds = change.AefIds,
            ApiInvokerIds = [change.Policy.ApiInvokerId],
        });
    }

    /// <summary>What is pending goes to the topics; a fault there leaves it to the reminder, since the change itself is done.</summary>
    private async Task PublishPendingAsync()
    {
        if (state.State.PendingEvents.Count > 0)
        {
            try
            {
                await PendingEvents.PublishAsync(GrainFactory, state.State.PendingEvents, CancellationToken.None);
                state.State.PendingEvents = [];
                await WriteAsync();
            }
#pragma warning disable CA1031 // Whatever it was, the events stay pending.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                NotPublished(ApiId, fault);
            }
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            if (state.State.Policies.Count == 0 && state.State.PendingEvents.Count == 0)
                await state.ClearStateAsync();
            else
                await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Events of the policies of service API {ApiId} could not be published; they are tried again")]
    private partial void NotPublished(string apiId, Exception fault);
}
