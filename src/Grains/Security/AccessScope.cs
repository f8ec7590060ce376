using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CapifOrleans.Grains.Security;

/// <summary>The service APIs of one AEF that a scope names.</summary>
internal sealed record AefScope(string AefId, ImmutableArray<string> ApiNames);

/// <summary>
/// The scope of an access token, <c>3gpp#aef1:api1,api2;aef2:api3</c> (29.222 8.5.4.2.6 to 8.5.4.2.8), parsed once and handed on as a
/// value. The part after <c>3gpp#</c> names each AEF once, and at least one service API for it.
/// </summary>
internal sealed record AccessScope(ImmutableArray<AefScope> Aefs)
{
    /// <summary>The longest scope that is read, in characters.</summary>
    public const int MaxLength = 4096;

    private const string Prefix = "3gpp#";

    /// <summary>Reads a scope; <paramref name="reason"/> says what is wrong with one that is not as the grammar wants it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AccessScope? scope, [NotNullWhen(false)] out string? reason)
    {
        scope = null;
        reason = Fault(text, out var aefs);
        if (reason is not null)
            return false;
        scope = new AccessScope(aefs);
        return true;
    }

    /// <summary>The scope as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Prefix);
        foreach (var aef in Aefs)
        {
            if (text.Length > Prefix.Length)
                text.Append(';');
            text.Append(aef.AefId).Append(':').AppendJoin(',', aef.ApiNames);
        }

        return text.ToString();
    }

    private static string? Fault(string text, out ImmutableArray<AefScope> aefs)
    {
        aefs = [];
        if (text.Length > MaxLength)
            return $"The scope is longer than {MaxLength} characters";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return "The first characters must be '3gpp'";
        if (text.Contains(' ', StringComparison.Ordinal))
            return "The scope must be one string without spaces";
        var found = ImmutableArray.CreateBuilder<AefScope>();
        foreach (var part in text[Prefix.Length..].Split(';'))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                return "Each part must be an AEF identifier, a colon and API names";
            var aefId = part[..colon];
            if (found.Any(aef => aef.AefId == aefId))
                return "Each AEF may be named once";
            var apiNames = part[(colon + 1)..].Split(',').ToImmutableArray();
            if (apiNames.Any(name => name.Length == 0 || name.AsSpan().ContainsAny(':', '#')))
                return "Each API name must be without ':' and '#', and not empty";
            found.Add(new AefScope(aefId, [.. apiNames.Distinct(StringComparer.Ordinal)]));
        }

        aefs = found.DrainToImmutable();
        return null;
    }
}
