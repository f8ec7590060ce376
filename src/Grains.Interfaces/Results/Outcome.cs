using System.Diagnostics.CodeAnalysis;

namespace CapifOrleans;

/// <summary>What a grain answers to a request that has no result of its own: done, or refused.</summary>
[GenerateSerializer, Immutable, Alias("capif.Outcome")]
public sealed record Outcome
{
    /// <summary>Done.</summary>
    public static Outcome Done { get; } = new();

    /// <summary>Why it was refused; null when it was done.</summary>
    [Id(0)]
    public Refusal? Refusal { get; init; }

    /// <summary>A refusal as an outcome.</summary>
    public static implicit operator Outcome(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>A refusal as an outcome.</summary>
    public static Outcome FromRefusal(Refusal refusal) => refusal;
}

/// <summary>What a grain answers to a request: a value, or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("capif.Outcome`1")]
public sealed record Outcome<T>
    where T : class
{
    /// <summary>The result; null when refused.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>Why it was refused; null when there is a value.</summary>
    [Id(1)]
    public Refusal? Refusal { get; init; }

    /// <summary>True with the value, false with the refusal.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = Refusal is null ? Value : null;
        refusal = Refusal;
        return refusal is null;
    }

    /// <summary>A value as an outcome.</summary>
    public static implicit operator Outcome<T>(T value) => new() { Value = value };

    /// <summary>A refusal as an outcome.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>A value as an outcome.</summary>
    public static Outcome<T> FromValue(T value) => value;

    /// <summary>A refusal as an outcome.</summary>
    public static Outcome<T> FromRefusal(Refusal refusal) => refusal;
}
