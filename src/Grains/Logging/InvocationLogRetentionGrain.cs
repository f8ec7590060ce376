using CapifOrleans.Discover;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Logging;

namespace CapifOrleans.Grains.Logging;

/// <inheritdoc/>
[GrainType("invocation-log-retention")]
internal sealed partial class InvocationLogRetentionGrain(
    [PersistentState("retention", GrainStorage.Name)] IPersistentState<InvocationLogRetentionState> state, IInvocationLogStore store,
    InvocationLogOptions options, TimeProvider time, ILogger<InvocationLogRetentionGrain> logger)
    : Grain, IInvocationLogRetentionGrain, IRemindable
{
    // 100 years.
    private const int MostHours = 876_600;
    private const string Reminder = "purge";

    // Entries that one step looks at: a write of so many is short, and logging goes on between two.
    private const int StepSize = 500;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task BeginAsync(CancellationToken cancellationToken) => this.RegisterOrUpdateReminder(Reminder, FirstDelay, Period);

    /// <inheritdoc/>
    public async Task<Outcome> SetAsync(string apiId, int? hours, CancellationToken cancellationToken)
    {
        if (hours is < 1 or > MostHours)
            return Refusal.OfAttribute("hours", $"must be 1 to {MostHours}");
        if (await GrainFactory.GetGrain<IDiscoveryGrain>(0).FindByIdAsync(apiId, cancellationToken) is null)
            return Refusal.NotFound("There is no published service API of this identifier.", "Service API id not found");
        state.State.Hours[apiId] = hours;
        await WriteAsync();
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome> RemoveAsync(string apiId, CancellationToken cancellationToken)
    {
        if (!state.State.Hours.Remove(apiId))
            return Refusal.NotFound("No retention is set for this service API.", "RETENTION_NOT_FOUND");
        await WriteAsync();
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<InvocationLogRetention>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<InvocationLogRetention>>(
        [
            new InvocationLogRetention { Hours = options.RetentionHours },
            .. state.State.Hours.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new InvocationLogRetention { ApiId = one.Key, Hours = one.Value }),
        ]);

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(CancellationToken cancellationToken)
    {
        var bounds = Bounds();
        var removed = 0L;
        for (long? position = 0; position is { } at;)
        {
            var step = await store.PurgeAsync(bounds, at, StepSize, cancellationToken);
            removed += step.Removed;
            position = step.Position;
        }

        if (removed > 0)
            Purged(removed);
        return removed;
    }

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => PurgeAsync(CancellationToken.None);

    private RetentionBounds Bounds()
    {
        var now = time.GetUtcNow();
        DateTimeOffset? Since(int? hours) => hours is { } some ? now.AddHours(-some) : null;
        return new RetentionBounds
        {
            Others = Since(options.RetentionHours),
            ByApi = state.State.Hours.ToImmutableDictionary(one => one.Key, one => Since(one.Value), StringComparer.Ordinal),
            Requests = now - IInvocationLogStore.RepetitionWindow,
        };
    }

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

    [LoggerMessage(1, LogLevel.Information, "{Removed} entries of invocation logs were kept long enough and are removed")]
    private partial void Purged(long removed);
}
