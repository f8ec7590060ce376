using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CapifOrleans.Security;

/// <summary>
/// The scope of an access token (29.222 8.5.4.2.6 to 8.5.4.2.8), parsed once and handed on as a value. It is one string,
/// <c>3gpp#aef1:api1,api2;aef2:api3</c>, whose API names may be followed by <c>:res.X</c> and <c>:op.Y</c> with feature CAPIF_Ext1; with
/// feature CAPIF_Ext2 it is strings separated by spaces (RFC 6749 3.3), each of that form or a string of a service API's own.
/// </summary>
public sealed record AccessScope(ImmutableArray<ScopeString> Strings)
{
    /// <summary>The longest scope that is read, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>What the strings of 3GPP begin with.</summary>
    public const string Prefix = "3gpp#";

    /// <summary>Whole service APIs at these AEFs.</summary>
    public static AccessScope Of(ImmutableArray<AefScope> aefs) => new([new ScopeString { Aefs = aefs }]);

    /// <summary>Every AEF that is named.</summary>
    public IEnumerable<AefScope> Aefs => Strings.SelectMany(one => one.Aefs);

    /// <summary>Whether it has a string that names no AEF.</summary>
    public bool HasPlainStrings => Strings.Any(one => one.Plain is not null);

    /// <summary>Reads a scope; <paramref name="reason"/> says what is wrong with one that is not as the grammar wants it.</summary>
    public static bool TryParse(string text, ScopeGrammar grammar, [NotNullWhen(true)] out AccessScope? scope, [NotNullWhen(false)] out string? reason)
    {
        reason = ScopeParser.Fault(text, grammar, out var strings);
        scope = reason is null ? new AccessScope(strings) : null;
        return reason is null;
    }

    /// <summary>The scope as it is written.</summary>
    public override string ToString()
    {
        if (Strings.Length == 1 && Strings[0].Plain is { } only)
            return only;
        var text = new StringBuilder();
        foreach (var one in Strings)
        {
            if (text.Length > 0)
                text.Append(' ');
            one.AppendTo(text);
        }

        return text.ToString();
    }
}

/// <summary>What a security context's features make of the grammar (29.222 8.5.6).</summary>
/// <param name="HasFinerLevel">CAPIF_Ext1: resources and operations may be named.</param>
/// <param name="HasSeveralStrings">CAPIF_Ext2: several strings, and strings of a service API's own.</param>
public readonly record struct ScopeGrammar(bool HasFinerLevel, bool HasSeveralStrings)
{
    /// <summary>The grammar of a security context. It follows the features of the context, since a token request has none of its own.</summary>
    public static ScopeGrammar Of(SupportedFeatures? negotiated) => new(
        negotiated?.Has(SecurityFeature.CapifExt1) == true, negotiated?.Has(SecurityFeature.CapifExt2) == true);
}

/// <summary>One string of a scope: service APIs at AEFs, or a string of a service API's own.</summary>
public sealed record ScopeString
{
    /// <summary>The AEFs that it names, each once.</summary>
    public ImmutableArray<AefScope> Aefs { get; init; } = [];

    /// <summary>A string that is not of 3GPP's form, as it came.</summary>
    public string? Plain { get; init; }

    /// <summary>The service API that a plain string names: what stands before its first colon, as in <c>location-retrieval:read</c>.</summary>
    public string? PlainApiName => Plain is null ? null : Plain.Split(':', 2)[0];

    /// <summary>What a plain string says after the service API's name; empty where it says no more.</summary>
    public string PlainPart => Plain is not null && Plain.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? Plain[(colon + 1)..] : "";

    /// <summary>Writes it.</summary>
    public void AppendTo(StringBuilder text)
    {
        if (Plain is not null)
        {
            text.Append(Plain);
            return;
        }

        text.Append(AccessScope.Prefix);
        for (var index = 0; index < Aefs.Length; index++)
        {
            if (index > 0)
                text.Append(';');
            text.Append(Aefs[index].AefId).Append(':').AppendJoin(',', Aefs[index].Apis);
        }
    }
}

/// <summary>The service APIs of one AEF that a scope names.</summary>
public sealed record AefScope(string AefId, ImmutableArray<ApiScope> Apis);

/// <summary>A service API of a scope, whole or only some of it.</summary>
/// <param name="ApiName">Its name.</param>
/// <param name="Items">The resources and operations that it is narrowed to, in their order; none for the whole.</param>
public sealed record ApiScope(string ApiName, ImmutableArray<ScopeItem> Items)
{
    /// <summary>The whole service API.</summary>
    public static ApiScope Whole(string apiName) => new(apiName, []);

    /// <summary>As it is written.</summary>
    public override string ToString() => Items.IsEmpty ? ApiName : $"{ApiName}:{string.Join(':', Items)}";
}

/// <summary>A resource (<c>res.X</c>) or an operation (<c>op.Y</c>) of a service API.</summary>
public readonly record struct ScopeItem(bool IsResource, string Name)
{
    /// <summary>As it is written.</summary>
    public override string ToString() => (IsResource ? "res." : "op.") + Name;
}
