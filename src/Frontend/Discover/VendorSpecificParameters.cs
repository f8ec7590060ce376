using CapifOrleans.Discover;
using CapifOrleans.Frontend.Http;

namespace CapifOrleans.Frontend.Discover;

/// <summary>
/// Query parameters <c>vend-spec-&lt;name&gt;</c> (29.122 5.2.13.3): JSON objects with <c>target</c>, a JSON pointer (RFC 6901), and <c>value</c>.
/// They must be used in filtering: not to look at one would find too much.
/// </summary>
internal static class VendorSpecificParameters
{
    private const string Prefix = "vend-spec-";

    /// <summary>Their names in a request.</summary>
    public static IEnumerable<string> Names(IQueryCollection given) => given.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Reads them all; null where there are none.</summary>
    public static ImmutableArray<VendorSpecificFilter>? Read(QueryParameters parameters, IQueryCollection given)
    {
        ImmutableArray<VendorSpecificFilter>.Builder? filters = null;
        foreach (var name in Names(given))
        {
            if (parameters.Object<VendorSpecificQuery>(name) is not { } query)
                continue;
            if (Pointer(query.Target) is { } target)
                (filters ??= ImmutableArray.CreateBuilder<VendorSpecificFilter>()).Add(new VendorSpecificFilter { Target = target, Value = query.Value });
            else
                parameters.Fault(name, "must have a JSON pointer as target");
        }

        return filters?.ToImmutable();
    }

    /// <summary>The reference tokens of a JSON pointer (RFC 6901 3 and 4); null where it is none.</summary>
    private static ImmutableArray<string>? Pointer(string text)
    {
        if (!text.StartsWith('/'))
            return null;
        var tokens = text[1..].Split('/');
        for (var index = 0; index < tokens.Length; index++)
        {
            var rest = tokens[index].Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal);
            if (rest.Contains('~', StringComparison.Ordinal))
                return null;
            tokens[index] = tokens[index].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        }

        return [.. tokens];
    }
}
