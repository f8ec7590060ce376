using System.Globalization;
using CapifOrleans.AccessControl;
using CapifOrleans.Json;

namespace CapifOrleans.Silo.Commands;

/// <summary>How parts of a policy are written on the command line.</summary>
internal static class PolicyText
{
    private const string NsiPrefix = "nsi:";
    private const string EnsiPrefix = "ensi:";
    private const int SdLength = 6;

    /// <summary>A time range: <c>start/stop</c> (ISO 8601), both RFC 3339.</summary>
    /// <exception cref="StartFailure">It is not.</exception>
    public static TimeRange TimeRange(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && WireDateTime.TryParse(parts[0], out var start) && WireDateTime.TryParse(parts[1], out var stop)
            ? new TimeRange { StartTime = start, StopTime = stop }
            : throw new StartFailure($"--time-range: '{text}' is not two RFC 3339 times; give them as 2026-01-01T08:00:00Z/2026-01-01T18:00:00Z.");
    }

    /// <summary>A network slice: <c>sst</c>, <c>sst-sd</c> (29.571 5.4.4.2), <c>nsi:…</c> or <c>ensi:…</c>.</summary>
    /// <exception cref="StartFailure">It is not.</exception>
    public static NetSliceId Slice(string text)
    {
        if (text.StartsWith(NsiPrefix, StringComparison.Ordinal) && text.Length > NsiPrefix.Length)
            return new NetSliceId { NsiId = text[NsiPrefix.Length..] };
        if (text.StartsWith(EnsiPrefix, StringComparison.Ordinal) && text.Length > EnsiPrefix.Length)
            return new NetSliceId { Ensi = text[EnsiPrefix.Length..] };
        var parts = text.Split('-');
        if (parts.Length <= 2 && byte.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sst)
            && (parts.Length == 1 || (parts[1].Length == SdLength && parts[1].All(char.IsAsciiHexDigit))))
        {
            return new NetSliceId { Snssai = new Snssai { Sst = sst, Sd = parts.Length == 2 ? parts[1] : null } };
        }

        throw new StartFailure($"--slice: '{text}' is no slice; give 1, 1-00ab01, nsi:name or ensi:name.");
    }
}
