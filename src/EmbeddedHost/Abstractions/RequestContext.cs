namespace Orleans.Runtime;

/// <summary>What travels along with calls. It comes from the caller and is never an authority.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<Guid> Chain = new();

    /// <summary>The chain of calls that may come back to where it was allowed.</summary>
    internal static Guid CurrentChain => Chain.Value;

    /// <summary>
    /// Until the result is disposed, calls that this grain makes may call it back while it waits for them. Without this such a cycle
    /// ends in a time-out.
    /// </summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var activation = Activation.Current ?? throw new InvalidOperationException("Only a grain can allow calls back to itself.");
        var before = Chain.Value;
        var chain = before == Guid.Empty ? Guid.NewGuid() : before;
        activation.AllowChain(chain);
        Chain.Value = chain;
        return new ReentrancySection(activation, chain, before);
    }

    /// <summary>Ends what <see cref="AllowCallChainReentrancy"/> began.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Activation _activation;
        private readonly Guid _chain;
        private readonly Guid _before;

        internal ReentrancySection(Activation activation, Guid chain, Guid before)
        {
            _activation = activation;
            _chain = chain;
            _before = before;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            _activation.DisallowChain(_chain);
            Chain.Value = _before;
        }
    }
}
