using CapifOrleans.Discover;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Discover;

/// <summary>What is stored of the visibility rules.</summary>
internal sealed class VisibilityRulesState
{
    /// <summary>The rules, in the order in which they were made.</summary>
    public List<StoredVisibilityRule> Rules { get; set; } = [];
}

/// <summary>A visibility rule as it is stored.</summary>
internal sealed class StoredVisibilityRule
{
    /// <summary>The rule.</summary>
    public required VisibilityRule Rule { get; init; }

    /// <summary>Who made it: an AMF, or an administrator.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The AMF's domain; null for an administrator's.</summary>
    public string? ApiProvDomId { get; init; }
}

/// <inheritdoc/>
[GrainType("visibility-rules")]
internal sealed partial class VisibilityRulesGrain(
    [PersistentState("rules", GrainStorage.Name)] IPersistentState<VisibilityRulesState> state, ILogger<VisibilityRulesGrain> logger)
    : Grain, IVisibilityRulesGrain
{
    // Every discovery looks at those that are about what it finds.
    private const int MaxRules = 1_000;
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly Refusal Unknown = Refusal.NotFound("There is no such visibility rule.", "Visibility rule not found");

    // What is durable: it changes after a write only, since the catalog asks in the middle of one.
    private ImmutableArray<ScopedVisibilityRule> _rules = [];
    private IGrainTimer? _tellAgain;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _rules = Scoped();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Outcome<VisibilityRule>> CreateAsync(CallerIdentity caller, VisibilityRule rule, CancellationToken cancellationToken)
    {
        if (Check(rule) is { } refusal)
            return refusal;
        if (state.State.Rules.Count >= MaxRules)
            return Refusal.Of(ErrorKind.TooMany, $"There are at most {MaxRules} visibility rules.", "INSUFFICIENT_RESOURCES");
        var made = rule with { RuleId = Guid.NewGuid().ToString("N") };
        await WriteAsync([.. state.State.Rules, new StoredVisibilityRule { Rule = made, CreatedBy = caller.Id, ApiProvDomId = caller.ApiProvDomId }]);
        Made(made.RuleId, caller.Id);
        return made;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<VisibilityRule>> ListAsync(CallerIdentity caller, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<VisibilityRule>>([.. state.State.Rules.Where(one => IsOf(one, caller)).Select(one => one.Rule)]);

    /// <inheritdoc/>
    public Task<Outcome<VisibilityRule>> GetAsync(CallerIdentity caller, string ruleId, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<VisibilityRule>>(Find(caller, ruleId) is { } found ? found.Rule : Unknown);

    /// <inheritdoc/>
    public async Task<Outcome<VisibilityRule>> PatchAsync(
        CallerIdentity caller, string ruleId, ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (Find(caller, ruleId) is not { } found)
            return Unknown;
        if (!MergePatch.TryApply(found.Rule, patch.AsMemory(), out var patched, out _, out var refusal))
            return refusal;
        if (patched.RuleId != ruleId)
            return Refusal.OfAttribute("ruleId", "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        if (Check(patched) is { } wrong)
            return wrong;
        var after = new StoredVisibilityRule { Rule = patched, CreatedBy = found.CreatedBy, ApiProvDomId = found.ApiProvDomId };
        await WriteAsync([.. state.State.Rules.Select(one => one == found ? after : one)]);
        Changed(ruleId, caller.Id);
        return patched;
    }

    /// <inheritdoc/>
    public async Task<Outcome> RemoveAsync(CallerIdentity caller, string ruleId, CancellationToken cancellationToken)
    {
        if (Find(caller, ruleId) is not { } found)
            return Unknown;
        await WriteAsync([.. state.State.Rules.Where(one => one != found)]);
        Removed(ruleId, caller.Id);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ScopedVisibilityRule>> GetAllAsync(CancellationToken cancellationToken) => Task.FromResult(_rules);

    private static Refusal? Check(VisibilityRule rule)
    {
        if (rule.ProviderSelector.IsEmpty)
            return Refusal.OfAttribute("providerSelector", "must have a criterion: without any it would be about every service API");
        return rule is { StartsAt: { } start, EndsAt: { } end } && end.Instant <= start.Instant
            ? Refusal.OfAttribute("endsAt", "must be later than startsAt", cause: "OPTIONAL_IE_INCORRECT")
            : null;
    }

    private static bool IsOf(StoredVisibilityRule rule, CallerIdentity caller) =>
        caller.Role == CallerRole.Superadmin || (rule.CreatedBy == caller.Id && rule.ApiProvDomId == caller.ApiProvDomId);

    private StoredVisibilityRule? Find(CallerIdentity caller, string ruleId) =>
        state.State.Rules.Find(one => one.Rule.RuleId == ruleId && IsOf(one, caller));

    private ImmutableArray<ScopedVisibilityRule> Scoped() =>
        [.. state.State.Rules.Select(one => new ScopedVisibilityRule { Rule = one.Rule, ApiProvDomId = one.ApiProvDomId })];

    private async Task WriteAsync(List<StoredVisibilityRule> rules)
    {
        state.State.Rules = rules;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Nobody knows whether it was written: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }

        _rules = Scoped();
        try
        {
            await TellAsync();
        }
        catch
        {
            // The catalog goes by the rules before this one; whoever asked must not take it for done.
            _tellAgain ??= this.RegisterGrainTimer(TellAgainAsync, TellAgainAfter, TellAgainAfter);
            throw;
        }
    }

    private Task TellAsync() => GrainFactory.GetGrain<IServiceCatalogGrain>("catalog").SetVisibilityAsync(_rules, CancellationToken.None);

    private async Task TellAgainAsync(CancellationToken cancellationToken)
    {
        await TellAsync();
        _tellAgain?.Dispose();
        _tellAgain = null;
    }

    [LoggerMessage(1, LogLevel.Information, "Visibility rule {RuleId} made by {Caller}")]
    private partial void Made(string? ruleId, string caller);

    [LoggerMessage(2, LogLevel.Information, "Visibility rule {RuleId} changed by {Caller}")]
    private partial void Changed(string ruleId, string caller);

    [LoggerMessage(3, LogLevel.Information, "Visibility rule {RuleId} removed by {Caller}")]
    private partial void Removed(string ruleId, string caller);
}
