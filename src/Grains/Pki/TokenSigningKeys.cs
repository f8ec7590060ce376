namespace CapifOrleans.Grains.Pki;

/// <summary>The keys that sign access tokens and enrolment credentials, and their public halves for AEFs (RFC 7517).</summary>
public interface ITokenSigningKeys
{
    /// <summary>Signs access tokens (33.122 Annex C; RFC 9068 names the type).</summary>
    TokenSigner AccessTokens { get; }

    /// <summary>Signs enrolment credentials (33.122 6.1).</summary>
    TokenSigner EnrolmentCredentials { get; }

    /// <summary>The JWK set, as UTF-8 JSON: the key that signs, the next one, and those before whose tokens may still be valid.</summary>
    ReadOnlyMemory<byte> JwkSet { get; }

    /// <summary>The same as text.</summary>
    string JwkSetText { get; }

    /// <summary>The keys, the oldest first.</summary>
    ImmutableArray<TokenKeyDescription> List();

    /// <summary>
    /// Makes a new key. It is published at once and signs after the overlap, or at once with <paramref name="atOnce"/>; the one before
    /// it is published until none of its tokens can be valid. Durable when it returns.
    /// </summary>
    TokenKeyDescription Rotate(bool atOnce);

    /// <summary>Rotates if the rotation interval says so; true when it did.</summary>
    bool RotateIfDue();

    /// <summary>Reads the keys anew, where somebody else changed them.</summary>
    /// <exception cref="PkiException">They cannot be read; those that were there stay.</exception>
    void Reload();
}

/// <summary>A key that signs tokens, as the operator is told of it.</summary>
/// <param name="KeyId">Its identifier (<c>kid</c>).</param>
/// <param name="Algorithm">The value of <c>alg</c>.</param>
/// <param name="State">next, current or previous.</param>
/// <param name="CreatedAt">When it was made and published.</param>
/// <param name="SignsFrom">From when on it signs.</param>
/// <param name="PublishedUntil">When it is forgotten; null while nothing follows it.</param>
public sealed record TokenKeyDescription(
    string KeyId, string Algorithm, string State, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? PublishedUntil);

/// <inheritdoc/>
internal sealed class TokenSigningKeys : ITokenSigningKeys, IDisposable
{
    /// <summary>No token is valid for longer: so long a key is published after it ceased to sign.</summary>
    public static readonly TimeSpan KeptAfterwards = TimeSpan.FromDays(1) + TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly CertificateAuthorityStore _authority;
    private readonly PkiOptions _options;
    private readonly TimeProvider _time;
    private TokenKeyStore _store;
    private TokenKeyRing _ring;

    public TokenSigningKeys(CertificateAuthorityStore store, PkiOptions options, TimeProvider time)
    {
        _authority = store;
        _store = store.TokenKeys;
        _options = options;
        _time = time;
        AccessTokens = new TokenSigner(this, static ring => ring.AccessTokens);
        EnrolmentCredentials = new TokenSigner(this, static ring => ring.EnrolmentCredentials);
        lock (_lock)
        {
            // The operator chose another algorithm since.
            if (_store.Keys[^1].Record.Algorithm != options.TokenAlgorithm)
                Add(options.TokenKeyOverlap);
            _ring = MakeRing();
        }
    }

    /// <inheritdoc/>
    public TokenSigner AccessTokens { get; }

    /// <inheritdoc/>
    public TokenSigner EnrolmentCredentials { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> JwkSet => Ring.JwkSet;

    /// <inheritdoc/>
    public string JwkSetText => Ring.JwkSetText;

    /// <summary>The keys as they are now.</summary>
    internal TokenKeyRing Ring
    {
        get
        {
            var ring = Volatile.Read(ref _ring);
            return _time.GetUtcNow() < ring.ChangesAt ? ring : Refresh();
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<TokenKeyDescription> List()
    {
        lock (_lock)
        {
            Forget();
            return [.. _store.Keys.Select((_, index) => Describe(index))];
        }
    }

    /// <inheritdoc/>
    public TokenKeyDescription Rotate(bool atOnce)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            // A next key that waits for its turn is the new key already; at most its turn comes earlier.
            if (_store.Keys[^1].Record is { } next && next.SignsFrom > now)
            {
                if (atOnce)
                    _store.Update(next with { SignsFrom = now });
            }
            else
            {
                Add(atOnce ? TimeSpan.Zero : _options.TokenKeyOverlap);
            }

            Volatile.Write(ref _ring, MakeRing());
            return Describe(_store.Keys.Count - 1);
        }
    }

    /// <inheritdoc/>
    public bool RotateIfDue()
    {
        lock (_lock)
        {
            if (_options.TokenKeyRotation is not { } interval
                || _time.GetUtcNow() < _store.Keys[^1].Record.SignsFrom + interval - _options.TokenKeyOverlap)
            {
                return false;
            }

            Add(_options.TokenKeyOverlap);
            Volatile.Write(ref _ring, MakeRing());
            return true;
        }
    }

    /// <inheritdoc/>
    public void Reload()
    {
        lock (_lock)
        {
            // The memory of the keys before is left to whoever is still using them.
            _store = _authority.ReadTokenKeys();
            Volatile.Write(ref _ring, MakeRing());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, key) in _store.Keys)
            key.Dispose();
    }

    private void Add(TimeSpan overlap)
    {
        var now = _time.GetUtcNow();
        _store.Add(_options.TokenAlgorithm, now, now + overlap);
    }

    private TokenKeyRing Refresh()
    {
        lock (_lock)
        {
            if (_time.GetUtcNow() >= _ring.ChangesAt)
                Volatile.Write(ref _ring, MakeRing());
            return _ring;
        }
    }

    private TokenKeyRing MakeRing()
    {
        Forget();
        var now = _time.GetUtcNow();
        var keys = _store.Keys;
        var current = 0;
        while (current + 1 < keys.Count && keys[current + 1].Record.SignsFrom <= now)
            current++;
        var changes = DateTimeOffset.MaxValue;
        if (current + 1 < keys.Count)
            changes = keys[current + 1].Record.SignsFrom;
        if (current > 0 && keys[1].Record.SignsFrom + KeptAfterwards < changes)
            changes = keys[1].Record.SignsFrom + KeptAfterwards;
        return new TokenKeyRing([.. keys.Select(one => one.Key)], current, changes);
    }

    private void Forget()
    {
        while (_store.Keys.Count > 1 && _store.Keys[1].Record.SignsFrom + KeptAfterwards <= _time.GetUtcNow())
            _store.RemoveOldest();
    }

    private TokenKeyDescription Describe(int index)
    {
        var now = _time.GetUtcNow();
        var (record, key) = _store.Keys[index];
        DateTimeOffset? follows = index + 1 < _store.Keys.Count ? _store.Keys[index + 1].Record.SignsFrom : null;
        var state = record.SignsFrom > now ? "next" : follows is { } taken && taken <= now ? "previous" : "current";
        return new TokenKeyDescription(key.KeyId, key.Algorithm, state, record.CreatedAt, record.SignsFrom, follows + KeptAfterwards);
    }
}
