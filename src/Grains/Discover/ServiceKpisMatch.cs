using System.Globalization;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>service-kpis (29.222 8.2.4.2.13): whether what a service API offers is at least what is asked for. What is not told is not offered.</summary>
internal static class ServiceKpisMatch
{
    private const string Prefixes = "KMGTPEZY";

    /// <summary>Whether it is as good in each of the characteristics that are asked for.</summary>
    public static bool IsAsGood(ServiceKpis? offered, ServiceKpis wanted) => offered is not null
        && AtLeast(offered.MaxReqRate, wanted.MaxReqRate)
        && (wanted.MaxRestime is not { } longest || offered.MaxRestime <= longest)
        && AtLeast(offered.Availability, wanted.Availability)
        && AtLeast(Amount(offered.AvalComp), Amount(wanted.AvalComp))
        && AtLeast(Amount(offered.AvalGraComp), Amount(wanted.AvalGraComp))
        && AtLeast(Amount(offered.AvalMem), Amount(wanted.AvalMem))
        && AtLeast(Amount(offered.AvalStor), Amount(wanted.AvalStor))
        && AtLeast(offered.ConBand, wanted.ConBand);

    /// <summary>The number that a text as <c>1.5 GFLOPS</c> or <c>2 TB</c> means; null where it is none.</summary>
    public static double? Amount(string? text)
    {
        var parts = text?.Split(' ');
        if (parts is not [var number, { Length: > 1 } unit] || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return null;
        var thousands = Prefixes.IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1;
        return thousands == 0 ? null : value * Math.Pow(1000, thousands);
    }

    private static bool AtLeast(double? offered, double? wanted) => wanted is not { } least || offered >= least;
}
