using CapifOrleans.Discover;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// The visibility rules as a worker holds them beside the catalog. Which rules are about a service API is found out once and kept until rules or
/// service API change; a discovery without rules pays one comparison for each service API.
/// </summary>
internal sealed class Visibility
{
    private readonly Dictionary<CatalogEntry, VisibilityRule[]> _about = [];
    private ImmutableArray<ScopedVisibilityRule> _rules = [];

    /// <summary>The rules are these now.</summary>
    public void Set(ImmutableArray<ScopedVisibilityRule> rules)
    {
        _rules = rules;
        _about.Clear();
    }

    /// <summary>The service API changed, or is gone.</summary>
    public void Forget(CatalogEntry entry) => _about.Remove(entry);

    /// <summary>
    /// Whether an API invoker finds a service API: every rule that is about it and in force must allow it, so that no rule opens what another
    /// closes.
    /// </summary>
    public bool Shows(CatalogEntry entry, string apiInvokerId, TimeProvider time)
    {
        if (_rules.IsEmpty)
            return true;
        if (!_about.TryGetValue(entry, out var about))
            _about.Add(entry, about = [.. _rules.Where(one => IsAbout(one, entry)).Select(one => one.Rule)]);
        if (about.Length == 0)
            return true;
        var now = time.GetUtcNow();
        foreach (var rule in about)
        {
            if (rule.IsInForce(now) && !rule.Allows(apiInvokerId))
                return false;
        }

        return true;
    }

    private static bool IsAbout(ScopedVisibilityRule scoped, CatalogEntry entry) =>
        (scoped.ApiProvDomId is null || scoped.ApiProvDomId == entry.Published.ApiProvDomId) && scoped.Rule.IsAbout(entry.Published);
}
