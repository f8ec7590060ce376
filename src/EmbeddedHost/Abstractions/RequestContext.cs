using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>What travels along with calls. It comes from the caller and is never an authority.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<Properties?> Current = new();

    /// <summary>The chain of calls that may come back to where it was allowed; empty for none.</summary>
    public static Guid ReentrancyId
    {
        get => Current.Value?.ReentrancyId ?? Guid.Empty;
        set
        {
            if (value != ReentrancyId)
                Current.Value = (Current.Value ?? Properties.None) with { ReentrancyId = value };
        }
    }

    /// <summary>The names of all entries.</summary>
    public static IEnumerable<string> Keys => Current.Value?.Entries.Keys ?? [];

    /// <summary>All entries.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Current.Value?.Entries ?? ImmutableDictionary<string, object>.Empty;

    /// <summary>The entry of that name; null when there is none.</summary>
    public static object? Get(string key) => Current.Value?.Entries.GetValueOrDefault(key);

    /// <summary>Sets an entry for this call and those that it makes from now on.</summary>
    public static void Set(string key, object value)
    {
        var before = Current.Value ?? Properties.None;
        Current.Value = before with { Entries = before.Entries.SetItem(key, value) };
    }

    /// <summary>Removes an entry; false when there was none.</summary>
    public static bool Remove(string key)
    {
        if (Current.Value is not { } before || !before.Entries.ContainsKey(key))
            return false;
        Current.Value = before with { Entries = before.Entries.Remove(key) };
        return true;
    }

    /// <summary>Removes all.</summary>
    public static void Clear()
    {
        if (Current.Value is not null)
            Current.Value = null;
    }

    /// <summary>
    /// Until the result is disposed, calls that this grain makes may call it back while it waits for them. Without this such a cycle
    /// ends in a time-out.
    /// </summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var before = ReentrancyId;
        return new ReentrancySection(before, before == Guid.Empty ? Guid.NewGuid() : before);
    }

    /// <summary>Until the result is disposed, calls that this grain makes may not call back what an earlier link of the chain allowed.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    private sealed record Properties(Guid ReentrancyId, ImmutableDictionary<string, object> Entries)
    {
        public static readonly Properties None = new(Guid.Empty, ImmutableDictionary<string, object>.Empty);
    }

    /// <summary>Ends what <see cref="AllowCallChainReentrancy"/> or <see cref="SuppressCallChainReentrancy"/> began.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _before;
        private readonly Guid _chain;

        /// <summary>Begins a section.</summary>
        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _before = originalReentrancyId;
            _chain = newReentrancyId;
            ReentrancyId = newReentrancyId;
            if (newReentrancyId != Guid.Empty)
                Activation.OfThisThread?.AllowChain(newReentrancyId);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_chain != Guid.Empty)
                Activation.OfThisThread?.DisallowChain(_chain);
            ReentrancyId = _before;
        }
    }
}
