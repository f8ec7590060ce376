using System.Globalization;

namespace CapifOrleans.Bench;

/// <summary>What is measured, and how long.</summary>
internal sealed class BenchOptions
{
    /// <summary>The parts of a run, in the order in which they come.</summary>
    public static readonly IReadOnlyList<string> Parts = ["discovery", "token", "security", "handshake", "catalog", "onboarding", "memory"];

    /// <summary>How long each load runs.</summary>
    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many clients ask at a time.</summary>
    public int Clients { get; private init; } = 64;

    /// <summary>How many service APIs are published in the end.</summary>
    public int Apis { get; private init; } = 10_000;

    /// <summary>How many invokers are onboarded for the rate.</summary>
    public int Invokers { get; private init; } = 10_000;

    /// <summary>How many idle invokers the memory is measured with.</summary>
    public IReadOnlyList<int> Memory { get; private init; } = [10_000];

    /// <summary>How many entries audits look through.</summary>
    public int Entries { get; private init; } = 1_000_000;

    /// <summary>The parts that are wanted.</summary>
    public IReadOnlyList<string> Only { get; private init; } = Parts;

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    /// <exception cref="ArgumentException">There is no such option or part.</exception>
    public static BenchOptions Parse(ReadOnlySpan<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < args.Length; at += 2)
            given[args[at]] = at + 1 < args.Length ? args[at + 1] : throw new ArgumentException($"{args[at]} wants a value.");
        string? Take(string name) => given.Remove(name, out var value) ? value : null;
        int Number(string name, int otherwise) => Take(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        var options = new BenchOptions
        {
            Duration = TimeSpan.FromSeconds(Number("--seconds", 3)),
            Clients = Number("--clients", 64),
            Apis = Number("--apis", 10_000),
            Invokers = Number("--invokers", 10_000),
            Memory = [.. (Take("--memory") ?? "10000").Split(',').Select(one => int.Parse(one, CultureInfo.InvariantCulture)).Order()],
            Entries = Number("--entries", 1_000_000),
            Only = Take("--only")?.Split(',') ?? Parts,
        };
        if (given.Count > 0)
            throw new ArgumentException($"There is no option {given.Keys.First()}; see docs/benchmarks.md.");
        if (options.Only.Except(Parts).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no part {unknown}; the parts are {string.Join(", ", Parts)}.");
        return options;
    }

    /// <summary>Whether a part is wanted.</summary>
    public bool Has(string part) => Only.Contains(part);
}
