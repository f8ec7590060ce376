using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CapifOrleans.Grains.Pki;

/// <summary>One P-256 private key for many threads: .NET promises nothing for one instance used by two at a time, so each use has its own.</summary>
internal sealed class SigningKeyPool : IDisposable
{
    private readonly ConcurrentBag<ECDsa> _idle = [];
    private readonly ECDsa _key;

    public SigningKeyPool(ECDsa key) => _key = key;

    /// <summary>Uses the key.</summary>
    public T Use<TState, T>(TState state, Func<ECDsa, TState, T> use)
        where TState : allows ref struct
    {
        var key = Take();
        try
        {
            return use(key, state);
        }
        finally
        {
            Return(key);
        }
    }

    /// <summary>A key of the caller's own until it is returned.</summary>
    public ECDsa Take() => _idle.TryTake(out var key) ? key : Clone();

    /// <summary>Takes a key back.</summary>
    public void Return(ECDsa key) => _idle.Add(key);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _idle)
            key.Dispose();
        _key.Dispose();
    }

    private ECDsa Clone()
    {
        lock (_key)
            return ECDsa.Create(_key.ExportParameters(includePrivateParameters: true));
    }
}
