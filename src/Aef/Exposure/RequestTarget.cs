using System.Diagnostics.CodeAnalysis;

namespace CapifOrleans.Aef.Exposure;

/// <summary>
/// The target of a request as it came, after strict rules: what an upstream might read in another way than this AEF did is refused, not
/// mended. It is never decoded and encoded again.
/// </summary>
/// <param name="Path">The path, beginning with '/'.</param>
/// <param name="Query">The query with its question mark; empty where there is none.</param>
internal readonly record struct RequestTarget(string Path, string Query)
{
    private const int MaxLength = 8 * 1024;

    /// <summary>Reads a target; <paramref name="reason"/> says what is wrong with one that is refused.</summary>
    public static bool TryRead(string raw, out RequestTarget target, [NotNullWhen(false)] out string? reason)
    {
        target = default;
        reason = raw.Length > MaxLength ? "is too long" : raw.Length == 0 || raw[0] != '/' ? "must begin with '/'" : null;
        if (reason is not null)
            return false;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? raw : raw[..question];
        reason = FaultOf(path) ?? (question >= 0 ? FaultOfText(raw.AsSpan(question + 1)) : null);
        if (reason is not null)
            return false;
        target = new RequestTarget(path, question < 0 ? "" : raw[question..]);
        return true;
    }

    private static string? FaultOf(ReadOnlySpan<char> path)
    {
        if (FaultOfText(path) is { } fault)
            return fault;
        var rest = path[1..];
        while (true)
        {
            var slash = rest.IndexOf('/');
            var segment = slash < 0 ? rest : rest[..slash];
            if (segment.IsEmpty && slash >= 0)
                return "has an empty segment";
            if (FaultOfSegment(segment) is { } reason)
                return reason;
            if (slash < 0)
                return null;
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>What a segment may mean to somebody: a way up, a separator, the end of a text.</summary>
    private static string? FaultOfSegment(ReadOnlySpan<char> segment)
    {
        if (!segment.ContainsAny('%', '.'))
            return null;
        Span<char> decoded = segment.Length <= 256 ? stackalloc char[segment.Length] : new char[segment.Length];
        var length = 0;
        for (var index = 0; index < segment.Length; index++)
        {
            var letter = segment[index];
            if (letter == '%')
            {
                letter = (char)((HexValue(segment[index + 1]) << 4) | HexValue(segment[index + 2]));
                index += 2;
                if (letter is '/' or '\\')
                    return "has an encoded slash";
                if (letter is < ' ' or '\x7f')
                    return "has an encoded control character";
                // An upstream that decodes twice would see what was not looked at here.
                if (letter == '%')
                    return "has an encoded percent sign";
            }

            decoded[length++] = letter;
        }

        // "..;x" is a way up, too, where parameters of segments are cut off.
        var name = decoded[..length];
        if (name.IndexOf(';') is >= 0 and var semicolon)
            name = name[..semicolon];
        return name is "." or ".." ? "has a dot segment" : null;
    }

    /// <summary>Visible ASCII without what no target has, percent signs with two digits behind them.</summary>
    private static string? FaultOfText(ReadOnlySpan<char> text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter is < '!' or > '~' or '\\' or '#' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}')
                return "has a character that must be encoded";
            if (letter == '%' && (index + 2 >= text.Length || HexValue(text[index + 1]) < 0 || HexValue(text[index + 2]) < 0))
                return "has a percent sign without two hexadecimal digits";
        }

        return null;
    }

    private static int HexValue(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => -1,
    };
}
