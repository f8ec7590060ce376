using System.Collections.Concurrent;
using System.Text;
using CapifOrleans.Aef.CoreFunction;

namespace CapifOrleans.Aef.Security;

/// <summary>
/// Security information of API invokers: asked for when it is not there (29.222 6.2.2.2), kept until its time is over or a revocation ends
/// it. Everything that a handshake needs is served from here, from memory.
/// </summary>
internal sealed partial class InvokerSecurityCache(
    ICoreFunction core, TokenKeys tokenKeys, TimeProvider time, TimeSpan refreshAfter, ILogger<InvokerSecurityCache> logger) : IDisposable
{
    // Nobody can make the AEF ask for one API invoker more often than this.
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    // Strangers may name any identifier: what is not known is remembered for a moment, and not too much of it.
    private const int MostUnknown = 10_000;
    private const int MostAtOnce = 64;
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _asking = new(MostAtOnce, MostAtOnce);
    private readonly TrustBundles _bundles = new();
    private int _unknown;

    /// <summary>The key of an identity, for a handshake; null where there is none, or none any more.</summary>
    public byte[]? FindPsk(ReadOnlySpan<byte> identity)
    {
        var known = _slots.TryGetValue(Encoding.UTF8.GetString(identity), out var slot) ? slot.Current?.Psk : null;
        return known is not null && known.ExpiresAt > time.GetUtcNow() ? known.Key : null;
    }

    /// <summary>What is known of an API invoker now, without asking anybody.</summary>
    public InvokerSecurity? Peek(string apiInvokerId) => _slots.TryGetValue(apiInvokerId, out var slot) ? slot.Current : null;

    /// <summary>The security information of an API invoker; null where the core function has none.</summary>
    /// <exception cref="CoreFunctionUnavailableException">It is not known, and the core function cannot be asked.</exception>
    public ValueTask<InvokerSecurity?> GetAsync(string apiInvokerId)
    {
        var slot = _slots.GetOrAdd(apiInvokerId, static _ => new Slot());
        lock (slot)
        {
            if (slot.IsKnown)
            {
                var age = time.GetElapsedTime(slot.AskedAt);
                var isLapsed = slot.Current?.Psk is { } psk && psk.ExpiresAt <= time.GetUtcNow();
                if (age < Fresh || (slot.Current is not null && age < refreshAfter && !isLapsed))
                    return new ValueTask<InvokerSecurity?>(slot.Current);
            }

            if (slot.Current is not null && time.GetElapsedTime(slot.FaultAt) < RetryAfterFault && slot.HasFault)
                return new ValueTask<InvokerSecurity?>(slot.Current);
            return new ValueTask<InvokerSecurity?>(slot.Asking ??= AskAsync(apiInvokerId, slot, slot.Generation));
        }
    }

    /// <summary>
    /// What the core function says now, not what it said: an API invoker may have negotiated anew a moment ago (33.122 6.7). Who comes too
    /// soon after the last question waits a little.
    /// </summary>
    /// <exception cref="CoreFunctionUnavailableException">It is not known, and the core function cannot be asked.</exception>
    public async Task<InvokerSecurity?> GetFreshAsync(string apiInvokerId)
    {
        var slot = _slots.GetOrAdd(apiInvokerId, static _ => new Slot());
        Task<InvokerSecurity?>? before;
        lock (slot)
            before = slot.Asking;
        // It may have been answered before whatever made the caller ask.
        if (before is not null)
            await Task.WhenAny(before);
        TimeSpan wait;
        lock (slot)
            wait = slot.IsKnown ? Fresh - time.GetElapsedTime(slot.AskedAt) : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time);
        Task<InvokerSecurity?> asking;
        lock (slot)
            asking = slot.Asking ??= AskAsync(apiInvokerId, slot, slot.Generation);
        return await asking;
    }

    /// <summary>Asks whatever is known, and waits for an answer that was given after now.</summary>
    /// <exception cref="CoreFunctionUnavailableException">The core function cannot be asked.</exception>
    public async Task<InvokerSecurity?> AskAgainAsync(string apiInvokerId)
    {
        var slot = _slots.GetOrAdd(apiInvokerId, static _ => new Slot());
        Task<InvokerSecurity?> asking;
        lock (slot)
        {
            // Whoever waits for an earlier answer gets none, and asks again.
            slot.Generation++;
            slot.HasFault = false;
            slot.Asking = asking = AskAsync(apiInvokerId, slot, slot.Generation);
        }

        var found = await asking;
        lock (slot)
        {
            if (slot.HasFault)
                throw new CoreFunctionUnavailableException("The core function could not be asked.");
        }

        return found;
    }

    /// <summary>Security information ended (33.122 6.8 step 8). What is being asked for meanwhile is not believed.</summary>
    public void Forget(string apiInvokerId)
    {
        if (!_slots.TryGetValue(apiInvokerId, out var slot))
            return;
        lock (slot)
        {
            slot.Generation++;
            slot.Current = null;
            slot.IsKnown = false;
            slot.Asking = null;
        }
    }

    /// <summary>Drops what nobody asked for in a while: identifiers that are not known.</summary>
    public void DropUnknown()
    {
        foreach (var (apiInvokerId, slot) in _slots)
        {
            lock (slot)
            {
                if (slot.Current is null && slot.Asking is null && time.GetElapsedTime(slot.AskedAt) > Fresh)
                    _slots.TryRemove(new KeyValuePair<string, Slot>(apiInvokerId, slot));
            }
        }

        Interlocked.Exchange(ref _unknown, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private async Task<InvokerSecurity?> AskAsync(string apiInvokerId, Slot slot, int generation)
    {
        // Out of the lock before anything else.
        await Task.Yield();
        if (Interlocked.Increment(ref _unknown) > MostUnknown)
            DropUnknown();
        await _asking.WaitAsync();
        try
        {
            var askedAt = time.GetTimestamp();
            var outcome = await core.GetSecurityContextAsync(apiInvokerId, CancellationToken.None);
            var found = outcome.TryGet(out var context, out _)
                ? new InvokerSecurity(apiInvokerId, context, askedAt, time.GetUtcNow(), _bundles)
                : null;
            if (found?.TokenKeys() is { } keys)
                tokenKeys.Take(keys);
            lock (slot)
            {
                if (slot.Generation != generation)
                    return slot.Current;
                // The same key fetched again is the same: connections that came by it go on.
                slot.Current = found is null ? null : found.KeepKeyOf(slot.Current);
                slot.IsKnown = true;
                slot.HasFault = false;
                slot.AskedAt = askedAt;
                slot.Asking = null;
                return slot.Current;
            }
        }
        catch (CoreFunctionUnavailableException fault)
        {
            Unavailable(fault.Message);
            lock (slot)
            {
                if (slot.Generation != generation)
                    return slot.Current;
                slot.Asking = null;
                slot.HasFault = true;
                slot.FaultAt = time.GetTimestamp();
                // A core function that is away must not stop what it authorized; it could not revoke it either. Keys and tokens still expire.
                if (slot.Current is null)
                    throw;
                return slot.Current;
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Security information could not be asked for: {Reason}")]
    private partial void Unavailable(string reason);

    private sealed class Slot
    {
        public InvokerSecurity? Current { get; set; }

        public bool IsKnown { get; set; }

        public long AskedAt { get; set; }

        public bool HasFault { get; set; }

        public long FaultAt { get; set; }

        public int Generation { get; set; }

        public Task<InvokerSecurity?>? Asking { get; set; }
    }
}
