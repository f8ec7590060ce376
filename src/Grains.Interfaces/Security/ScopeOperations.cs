using CapifOrleans.Publish;

namespace CapifOrleans.Security;

/// <summary>
/// What <c>op.Y</c> of a scope means (29.222 8.5.4.2.6 with CAPIF_Ext1): an HTTP method, or one of the verbs that the standard's example has
/// (<c>op.create</c>). Any other name is a custom operation's.
/// </summary>
public static class ScopeOperations
{
    private static readonly Dictionary<string, ImmutableArray<Operation>> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["create"] = [Operation.Post],
        ["read"] = [Operation.Get],
        ["update"] = [Operation.Put, Operation.Patch],
        ["delete"] = [Operation.Delete],
    };

    /// <summary>The HTTP methods that an operation of this name allows; null where the name is no method and no verb.</summary>
    public static ImmutableArray<Operation>? Methods(string name)
    {
        if (Verbs.TryGetValue(name, out var methods))
            return methods;
        foreach (var method in Enum.GetValues<Operation>())
        {
            if (string.Equals(WireNames.Of(method), name, StringComparison.OrdinalIgnoreCase))
                return [method];
        }

        return null;
    }
}
