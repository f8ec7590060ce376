using System.Collections.Concurrent;
using CapifOrleans.AccessControl;
using CapifOrleans.Aef.CoreFunction;

namespace CapifOrleans.Aef.AccessControl;

/// <summary>
/// Access control policies (23.222 8.17): asked for when they are not there, kept until the core function tells of a change
/// (ACCESS_CONTROL_POLICY_UPDATE) or they are old. Who has none is not let through.
/// </summary>
internal sealed partial class PolicyCache(ICoreFunction core, TimeProvider time, TimeSpan refreshAfter, ILogger<PolicyCache> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string ApiId, string ApiInvokerId), Slot> _slots = new();

    /// <summary>The policy of an API invoker that is authorized; null where it has none.</summary>
    /// <exception cref="CoreFunctionUnavailableException">It is not known, and the core function cannot be asked.</exception>
    public ValueTask<ApiInvokerPolicy?> GetAsync(string apiId, string apiInvokerId)
    {
        var slot = _slots.GetOrAdd((apiId, apiInvokerId), static _ => new Slot());
        lock (slot)
        {
            if (slot.IsKnown && (slot.Policy is null ? time.GetElapsedTime(slot.AskedAt) < Fresh : time.GetElapsedTime(slot.AskedAt) < refreshAfter))
                return new ValueTask<ApiInvokerPolicy?>(slot.Policy);
            return new ValueTask<ApiInvokerPolicy?>(slot.Asking ??= AskAsync(apiId, apiInvokerId, slot, slot.Generation));
        }
    }

    /// <summary>The policies of a service API changed, or all of them if null: they are asked for again when they are needed.</summary>
    public void Changed(string? apiId)
    {
        foreach (var (key, slot) in _slots)
        {
            if (apiId is null || key.ApiId == apiId)
                Forget(slot);
        }
    }

    /// <summary>What an API invoker had ended.</summary>
    public void Forget(string apiInvokerId)
    {
        foreach (var (key, slot) in _slots)
        {
            if (key.ApiInvokerId == apiInvokerId && _slots.TryRemove(key, out _))
                Forget(slot);
        }
    }

    private static void Forget(Slot slot)
    {
        lock (slot)
        {
            slot.Generation++;
            slot.IsKnown = false;
            slot.Asking = null;
        }
    }

    private async Task<ApiInvokerPolicy?> AskAsync(string apiId, string apiInvokerId, Slot slot, int generation)
    {
        await Task.Yield();
        try
        {
            var outcome = await core.GetPoliciesAsync(apiId, apiInvokerId, CancellationToken.None);
            var found = outcome.TryGet(out var list, out var refusal)
                ? list.ApiInvokerPolicies?.FirstOrDefault(one => one.ApiInvokerId == apiInvokerId)
                : null;
            if (refusal is not null)
                Refused(apiId, refusal.Detail);
            lock (slot)
            {
                if (slot.Generation == generation)
                {
                    slot.Policy = found;
                    slot.IsKnown = true;
                    slot.AskedAt = time.GetTimestamp();
                    slot.Asking = null;
                }
            }

            return found;
        }
        catch (CoreFunctionUnavailableException fault)
        {
            Unavailable(fault.Message);
            lock (slot)
            {
                if (slot.Generation != generation)
                    throw;
                slot.Asking = null;
                if (slot.Policy is null || !slot.IsKnown)
                    throw;
                // What was allowed stays allowed while nobody can be asked; it is asked for again soon.
                slot.AskedAt = time.GetTimestamp() - (long)((refreshAfter - RetryAfterFault).TotalSeconds * time.TimestampFrequency);
                return slot.Policy;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Access control policies could not be asked for: {Reason}")]
    private partial void Unavailable(string reason);

    [LoggerMessage(2, LogLevel.Information, "The core function gave no access control policy for service API {ApiId}: {Reason}")]
    private partial void Refused(string apiId, string reason);

    private sealed class Slot
    {
        public ApiInvokerPolicy? Policy { get; set; }

        public bool IsKnown { get; set; }

        public long AskedAt { get; set; }

        public int Generation { get; set; }

        public Task<ApiInvokerPolicy?>? Asking { get; set; }
    }
}
