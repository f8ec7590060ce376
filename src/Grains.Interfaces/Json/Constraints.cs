namespace CapifOrleans.Json;

/// <summary>An array has at least so many items.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MinItemsAttribute(int count) : Attribute
{
    /// <summary>The bound.</summary>
    public int Count { get; } = count;
}

/// <summary>An array has at most so many items.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxItemsAttribute(int count) : Attribute
{
    /// <summary>The bound.</summary>
    public int Count { get; } = count;
}

/// <summary>
/// A record of several kinds: where the discriminator has this value, these attributes must be there; those with a question mark may be.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class VariantAttribute(string discriminator, string value, params string[] names) : Attribute
{
    /// <summary>The attribute that says which kind it is.</summary>
    public string Discriminator { get; } = discriminator;

    /// <summary>Its value.</summary>
    public string Value { get; } = value;

    /// <summary>What must be there besides.</summary>
    public IReadOnlyList<string> Required { get; } = [.. names.Where(name => !name.EndsWith('?'))];

    /// <summary>What may be there.</summary>
    public IReadOnlyList<string> Names { get; } = [.. names.Select(name => name.TrimEnd('?'))];
}

/// <summary>A number lies within bounds.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute(long minimum, long maximum) : Attribute
{
    /// <summary>The smallest value.</summary>
    public long Minimum { get; } = minimum;

    /// <summary>The largest value.</summary>
    public long Maximum { get; } = maximum;
}

/// <summary>A URI to which this core function will send: absolute, http or https, without user information or fragment (29.122 5.2.4.3).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CallbackUriAttribute : Attribute;

/// <summary>Exactly one of these attributes is present.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExactlyOneOfAttribute(params string[] names) : Attribute
{
    /// <summary>Their wire names.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}

/// <summary>A text matches a regular expression, anchored as OpenAPI documents write it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string expression) : Attribute
{
    /// <summary>The expression.</summary>
    public string Expression { get; } = expression;
}
