using CapifOrleans.AccessControl;

namespace CapifOrleans.Grains.AccessControl;

/// <summary>Which of the policies on record holds: one that was set for the AEF before one set for all, and these before what came by default.</summary>
internal static class EffectivePolicies
{
    /// <summary>The policies that hold at an AEF, one for each API invoker, in the order in which they came.</summary>
    public static Dictionary<string, ApiInvokerPolicy> At(string aefId, IEnumerable<HeldPolicy> held)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var policies = new Dictionary<string, ApiInvokerPolicy>(StringComparer.Ordinal);
        foreach (var one in held)
        {
            var rank = Rank(one);
            if ((one.AefId is { } only && only != aefId) || ranks.GetValueOrDefault(one.Policy.ApiInvokerId, -1) >= rank)
                continue;
            ranks[one.Policy.ApiInvokerId] = rank;
            policies[one.Policy.ApiInvokerId] = one.Policy;
        }

        return policies;
    }

    /// <summary>
    /// What changed for whom: for each API invoker and policy (null: there is none any more; then <c>Before</c> is what there was), the AEFs.
    /// </summary>
    public static IEnumerable<PolicyChange> Changes(IReadOnlyList<HeldPolicy> before, IReadOnlyList<HeldPolicy> after, ImmutableArray<string> aefIds)
    {
        var changes = new List<PolicyChange>();
        foreach (var aefId in aefIds)
        {
            var (old, now) = (At(aefId, before), At(aefId, after));
            foreach (var apiInvokerId in old.Keys.Union(now.Keys))
            {
                var (was, becomes) = (old.GetValueOrDefault(apiInvokerId), now.GetValueOrDefault(apiInvokerId));
                if (Text(was) == Text(becomes))
                    continue;
                var policy = (becomes ?? was)!;
                if (changes.Find(one => one.IsGone == becomes is null && Text(one.Policy) == Text(policy)) is { } same)
                    same.AefIds.Add(aefId);
                else
                    changes.Add(new PolicyChange(becomes is null, policy, [aefId]));
            }
        }

        return changes;
    }

    private static int Rank(HeldPolicy held) => (held.IsByDefault, held.AefId) switch
    {
        (true, null) => 0,
        (true, _) => 1,
        (false, null) => 2,
        (false, _) => 3,
    };

    // Arrays within records are not compared by what they hold; their text is.
    private static string? Text(ApiInvokerPolicy? policy) => policy is null ? null : System.Text.Encoding.UTF8.GetString(Json.WireJson.SerializeToUtf8Bytes(policy));
}

/// <summary>A policy that is new, other, or gone at some AEFs.</summary>
internal sealed record PolicyChange(bool IsGone, ApiInvokerPolicy Policy, List<string> AefIds);
