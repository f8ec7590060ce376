using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Routing;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;
using CapifOrleans.Routing;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// Topology hiding (23.222 8.24) is kept beside the catalog: what is hidden is replaced before anybody is told of a service API. A change of the
/// rules is one write together with its events.
/// </summary>
internal sealed partial class ServiceCatalogGrain : ITopologyHidingGrain, IRemindable
{
    private const int MaxRules = 1_000;

    private static readonly Refusal NoSuchRule = Refusal.NotFound("Nothing is hidden there.", "HIDING_NOT_FOUND");

    private static readonly Refusal SameName = Refusal.Of(
        ErrorKind.AlreadyExists, "Two service APIs of one name would stand behind one AEF, and could not be told apart there.", "API_NAME_NOT_UNIQUE");

    /// <inheritdoc/>
    public async Task<Outcome> SetHidingAsync(TopologyHidingRule rule, CancellationToken cancellationToken)
    {
        if (TopologyHidingRules.Check(rule, hiding.State.Rules) is { } invalid)
            return invalid;
        if (rule.ApiId is { } apiId)
        {
            if (_index.Given(apiId) is not { } published)
                return NotPublished;
            if (rule.AefId is { } aefId && !(published.Description.AefProfiles ?? []).Any(profile => profile.AefId == aefId))
                return Refusal.OfAttribute("aefId", "does not expose this service API");
        }

        if (await GrainFactory.GetGrain<IProviderFunctionGrain>(rule.HidingAefId).GetAsync(cancellationToken) is not { Role: CallerRole.Aef })
            return Refusal.OfAttribute("hidingAefId", "is no AEF that is registered here", ErrorKind.NotFound, "AEF_NOT_FOUND");
        var rules = hiding.State.Rules.FindAll(one => !TopologyHidingRules.IsSame(one, rule.ApiId, rule.AefId));
        if (rules.Count >= MaxRules)
            return Refusal.Of(ErrorKind.TooMany, $"There are at most {MaxRules} rules.", "INSUFFICIENT_RESOURCES");
        rules.Add(rule);
        return await ChangeHidingAsync(rules);
    }

    /// <inheritdoc/>
    public async Task<Outcome> RemoveHidingAsync(string? apiId, string? aefId, CancellationToken cancellationToken)
    {
        var rules = hiding.State.Rules.FindAll(one => !TopologyHidingRules.IsSame(one, apiId, aefId));
        return rules.Count == hiding.State.Rules.Count ? NoSuchRule : await ChangeHidingAsync(rules);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<TopologyHidingRule>> ListHidingsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<TopologyHidingRule>>([.. hiding.State.Rules]);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => PublishPendingAsync(CancellationToken.None);

    private async Task<Outcome> ChangeHidingAsync(List<TopologyHidingRule> rules)
    {
        var changed = new TopologyHidingRules(rules);
        if (!_index.TryPrepare(changed, out var changes))
            return SameName;
        var events = new List<PendingEvent>();
        foreach (var (before, after) in changes)
        {
            foreach (var one in TopologyHidingEvents.Between(before, after, time.GetUtcNow()).Append(Update(after)))
            {
                if (await PendingEvents.PrepareAsync(this, GrainFactory, one.Event, CancellationToken.None))
                    events.Add(one);
            }
        }

        hiding.State.Rules = rules;
        hiding.State.PendingEvents.AddRange(events);
        await WriteAsync(hiding);
        _index.Commit(changed, changes);
        if (events.Count > 0)
            PublishSoon();
        return Outcome.Done;
    }

    /// <summary>Whoever knew the service API learns where it is to be invoked now.</summary>
    private PendingEvent Update(PublishedServiceApi after) => new()
    {
        EventId = PendingEvents.NewId(),
        Event = CapifEvent.ServiceApiUpdate,
        OccurredAt = time.GetUtcNow(),
        Detail = new CapifEventDetail { ServiceApiDescriptions = [after.Description] },
        ApiIds = [after.Description.ApiId!],
    };

    private void PublishSoon() => this.RegisterGrainTimer(PublishPendingAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private async Task PublishPendingAsync(CancellationToken cancellationToken)
    {
        if (hiding.State.PendingEvents.Count > 0)
        {
            await PendingEvents.PublishAsync(GrainFactory, hiding.State.PendingEvents, cancellationToken);
            hiding.State.PendingEvents = [];
            await WriteAsync(hiding);
        }

        await PendingEvents.DoneAsync(this);
    }
}
