using CapifOrleans.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>
/// What the discovery policy says (33.122 6.3.1.2; 23.222 Annex E), compiled for one look-up after the other. A narrower restriction goes before a
/// wider one: one that names a service API before one that names a category, that before one for all; one that names an API invoker before one
/// for all. Where neither of two is narrower in both, both must allow. Without any that fits a service API is found.
/// This is the one place where a discovery asks whether a service API is shown to an API invoker; rules of another kind belong into
/// <see cref="DiscoveryRules"/>, to be asked in <see cref="Shows"/>.
/// </summary>
internal sealed class DiscoveryPolicy
{
    private readonly Scope _all = new();
    private readonly Dictionary<string, Scope> _byInvoker = new(StringComparer.Ordinal);
    private readonly bool _isOpen;

    /// <summary>Compiles a policy.</summary>
    public DiscoveryPolicy(DiscoveryRules rules)
    {
        OpenApiIds = rules.OpenApiIds;
        _isOpen = rules.Restrictions.IsEmpty;
        foreach (var one in rules.Restrictions)
        {
            var scope = _all;
            if (one.ApiInvokerId is { } apiInvokerId && !_byInvoker.TryGetValue(apiInvokerId, out scope))
                _byInvoker.Add(apiInvokerId, scope = new Scope());
            scope.Add(one);
        }
    }

    /// <summary>Nothing is restricted.</summary>
    public static DiscoveryPolicy Open { get; } = new(new DiscoveryRules());

    /// <summary>The service APIs that open discovery may show.</summary>
    public ImmutableArray<string> OpenApiIds { get; }

    /// <summary>Whether an API invoker finds a service API, if it matches its filters.</summary>
    public bool Shows(string apiInvokerId, ServiceApiDescription api)
    {
        if (_isOpen)
            return true;
        var common = _all.Find(api);
        if (!_byInvoker.TryGetValue(apiInvokerId, out var own) || own.Find(api) is not { } mine)
            return common is not { } only || only.IsAllowed;
        // What holds for all is overruled by what names the API invoker, unless it says more precisely which service APIs.
        return mine.IsAllowed && (common is not { } other || other.Width >= mine.Width || other.IsAllowed);
    }

    /// <summary>The restrictions for one API invoker, or for all.</summary>
    private sealed class Scope
    {
        private readonly Dictionary<string, bool> _byApi = new(StringComparer.Ordinal);
        private readonly Dictionary<string, bool> _byCategory = new(StringComparer.Ordinal);
        private bool? _any;

        public void Add(DiscoveryRestriction one)
        {
            if (one.ApiId is { } apiId)
                _byApi[apiId] = one.IsAllowed;
            else if (one.ApiCategory is { } category)
                _byCategory[category] = one.IsAllowed;
            else
                _any = one.IsAllowed;
        }

        /// <summary>The narrowest that fits, and how wide it is.</summary>
        public (int Width, bool IsAllowed)? Find(ServiceApiDescription api)
        {
            if (api.ApiId is { } apiId && _byApi.TryGetValue(apiId, out var isAllowed))
                return (0, isAllowed);
            if (api.ServiceApiCategory is { } category && _byCategory.TryGetValue(category, out isAllowed))
                return (1, isAllowed);
            return _any is { } any ? (2, any) : null;
        }
    }
}
