using CapifOrleans.Grains.Storage;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.InvokerManagement;

/// <inheritdoc/>
[GrainType("onboarding-approval"), StatelessWorker]
internal sealed class OnboardingApprovalGrain : Grain, IOnboardingApprovalGrain
{
    private static readonly Refusal NothingWaits = Refusal.NotFound("No such request waits for a decision.", "REQUEST_NOT_FOUND");

    private IPendingEnrolmentsGrain Listed => GrainFactory.GetGrain<IPendingEnrolmentsGrain>("pending");

    /// <inheritdoc/>
    public async Task<ImmutableArray<PendingEnrolment>> ListAsync(CancellationToken cancellationToken)
    {
        var waiting = new List<PendingEnrolment>();
        var gone = ImmutableArray.CreateBuilder<string>();
        foreach (var (requestId, apiInvokerId) in await Listed.ListAsync(cancellationToken))
        {
            // Asked after it was listed, the API invoker has written the request, or never will.
            var pending = await GrainFactory.GetGrain<IApiInvokerGrain>(apiInvokerId).GetPendingAsync(cancellationToken);
            if (pending?.RequestId == requestId)
                waiting.Add(pending);
            else
                gone.Add(requestId);
        }

        if (gone.Count > 0)
            await Listed.RemoveAsync(gone.ToImmutable(), cancellationToken);
        return [.. waiting.OrderBy(one => one.RequestedAt)];
    }

    /// <inheritdoc/>
    public async Task<Outcome> ApproveAsync(string requestId, CancellationToken cancellationToken) =>
        await FindAsync(requestId, cancellationToken) is { } invoker ? await invoker.ApproveAsync(requestId, cancellationToken) : NothingWaits;

    /// <inheritdoc/>
    public async Task<Outcome> RefuseAsync(string requestId, CancellationToken cancellationToken) =>
        await FindAsync(requestId, cancellationToken) is { } invoker ? await invoker.RefuseAsync(requestId, cancellationToken) : NothingWaits;

    private async Task<IApiInvokerGrain?> FindAsync(string requestId, CancellationToken cancellationToken) =>
        (await Listed.ListAsync(cancellationToken)).TryGetValue(requestId, out var apiInvokerId)
            ? GrainFactory.GetGrain<IApiInvokerGrain>(apiInvokerId)
            : null;
}

/// <inheritdoc/>
[GrainType("pending-enrolments")]
internal sealed class PendingEnrolmentsGrain(
    [PersistentState("requests", GrainStorage.Name)] IPersistentState<PendingEnrolmentsState> state) : Grain, IPendingEnrolmentsGrain
{
    // More than an operator looks through; the document stays small.
    private const int MaxRequests = 10_000;

    /// <inheritdoc/>
    public async Task<Outcome> AddAsync(string requestId, string apiInvokerId, CancellationToken cancellationToken)
    {
        if (state.State.Requests.Count >= MaxRequests)
            return Refusal.Of(ErrorKind.TooMany, $"{MaxRequests} requests wait for the operator already; try again later.", "INSUFFICIENT_RESOURCES");
        state.State.Requests[requestId] = apiInvokerId;
        await WriteAsync();
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(ImmutableArray<string> requestIds, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var requestId in requestIds)
            removed += state.State.Requests.Remove(requestId) ? 1 : 0;
        if (removed > 0)
            await WriteAsync();
    }

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Requests.ToImmutableDictionary());

    /// <summary>Writes the state. Where that fails the activation ends: memory must not know more than the disk.</summary>
    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
