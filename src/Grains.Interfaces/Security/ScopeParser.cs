namespace CapifOrleans.Security;

/// <summary>Reads the grammar of scopes (29.222 8.5.4.2.6): what is wrong with a text, or its strings.</summary>
internal static class ScopeParser
{
    private const string Resource = "res.";
    private const string Operation = "op.";

    /// <summary>What is wrong with a scope; null when nothing is.</summary>
    public static string? Fault(string text, ScopeGrammar grammar, out ImmutableArray<ScopeString> strings)
    {
        strings = [];
        if (text.Length > AccessScope.MaxLength)
            return $"The scope is longer than {AccessScope.MaxLength} characters";
        if (!grammar.HasSeveralStrings && text.Contains(' ', StringComparison.Ordinal) && text.StartsWith(AccessScope.Prefix, StringComparison.Ordinal))
            return "The scope must be one string without spaces, since CAPIF_Ext2 is not negotiated";
        var found = ImmutableArray.CreateBuilder<ScopeString>();
        foreach (var part in grammar.HasSeveralStrings ? text.Split(' ') : [text])
        {
            if (FaultOfString(part, grammar, out var read) is { } reason)
                return reason;
            found.Add(read!);
        }

        strings = found.DrainToImmutable();
        return null;
    }

    private static string? FaultOfString(string text, ScopeGrammar grammar, out ScopeString? read)
    {
        read = null;
        if (text.StartsWith(AccessScope.Prefix, StringComparison.Ordinal))
        {
            if (FaultOfAefs(text[AccessScope.Prefix.Length..], grammar, out var aefs) is { } reason)
                return reason;
            read = new ScopeString { Aefs = aefs };
            return null;
        }

        if (!grammar.HasSeveralStrings)
            return "The first characters must be '3gpp'";
        // RFC 6749 3.3: a string is of visible ASCII without quotation mark and backslash.
        if (text.Length == 0 || text.Any(letter => letter is < '!' or > '~' or '"' or '\\') || text[0] == ':')
            return "Each string of the scope must be of RFC 6749 3.3 and begin with the name of a service API";
        read = new ScopeString { Plain = text };
        return null;
    }

    private static string? FaultOfAefs(string text, ScopeGrammar grammar, out ImmutableArray<AefScope> aefs)
    {
        aefs = [];
        var found = ImmutableArray.CreateBuilder<AefScope>();
        foreach (var part in text.Split(';'))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || part.AsSpan(0, colon).ContainsAny(',', '#'))
                return "Each part must be an AEF identifier, a colon and API names";
            var aefId = part[..colon];
            if (found.Any(aef => aef.AefId == aefId))
                return "Each AEF may be named once";
            var apis = ImmutableArray.CreateBuilder<ApiScope>();
            foreach (var api in part[(colon + 1)..].Split(','))
            {
                if (FaultOfApi(api, grammar, out var read) is { } reason)
                    return reason;
                if (!apis.Any(known => known.ToString() == api))
                    apis.Add(read!);
            }

            found.Add(new AefScope(aefId, apis.DrainToImmutable()));
        }

        aefs = found.DrainToImmutable();
        return null;
    }

    private static string? FaultOfApi(string text, ScopeGrammar grammar, out ApiScope? api)
    {
        api = null;
        var parts = text.Split(':');
        if (parts[0].Length == 0 || text.Contains('#', StringComparison.Ordinal) || (parts.Length > 1 && !grammar.HasFinerLevel))
        {
            return grammar.HasFinerLevel
                ? "Each API name must be without '#', and not empty"
                : "Each API name must be without ':' and '#', and not empty";
        }

        var items = ImmutableArray.CreateBuilder<ScopeItem>(parts.Length - 1);
        foreach (var part in parts.AsSpan(1))
        {
            // A dot is no separator within names.
            var isResource = part.StartsWith(Resource, StringComparison.Ordinal);
            var name = isResource ? part[Resource.Length..] : part.StartsWith(Operation, StringComparison.Ordinal) ? part[Operation.Length..] : "";
            if (name.Length == 0)
                return "What follows an API name must be 'res.' and a resource, or 'op.' and an operation";
            items.Add(new ScopeItem(isResource, name));
        }

        api = new ApiScope(parts[0], items.DrainToImmutable());
        return null;
    }
}
