using System.Collections.Immutable;
using System.CommandLine;
using CapifOrleans.AccessControl;

namespace CapifOrleans.Silo.Commands;

/// <summary>The bounds of an access control policy as options of a command (29.222 8.6.4.2.3).</summary>
internal sealed class PolicyBounds
{
    private readonly Option<int?> _total = new("--total") { Description = "allowedTotalInvocations, over the policy's life.", HelpName = "number" };

    private readonly Option<int?> _perSecond = new("--per-second") { Description = "allowedInvocationsPerSecond.", HelpName = "number" };

    private readonly Option<string[]> _ranges = new("--time-range")
    {
        Description = "Time in which invocations are allowed, as 2026-01-01T08:00:00Z/2026-01-01T18:00:00Z; may be repeated.",
        HelpName = "start/stop",
    };

    private readonly Option<string[]> _slices = new("--slice")
    {
        Description = "Network slice within which they are allowed: sst or sst-sd of an S-NSSAI, nsi:… or ensi:…; may be repeated.",
        HelpName = "slice",
    };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_total);
        command.Add(_perSecond);
        command.Add(_ranges);
        command.Add(_slices);
    }

    /// <summary>What was given.</summary>
    /// <exception cref="StartFailure">A time range or slice is none.</exception>
    public ApiInvokerPolicy Read(ParseResult parsed, string? apiInvokerId) => new()
    {
        ApiInvokerId = apiInvokerId ?? "",
        AllowedTotalInvocations = parsed.GetValue(_total),
        AllowedInvocationsPerSecond = parsed.GetValue(_perSecond),
        AllowedInvocationTimeRangeList = Each(parsed.GetValue(_ranges), PolicyText.TimeRange),
        NetSliceInfo = Each(parsed.GetValue(_slices), PolicyText.Slice),
    };

    private static ImmutableArray<T>? Each<T>(string[]? texts, Func<string, T> read) => texts is null or [] ? null : [.. texts.Select(read)];
}
