using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CapifOrleans.Json;

/// <summary>What kind of JSON value a wire attribute takes.</summary>
public enum WireKind
{
    /// <summary>An object that is another wire record.</summary>
    Record,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>One of some strings.</summary>
    Enumeration,

    /// <summary>A date-time (RFC 3339).</summary>
    DateTime,

    /// <summary>Hexadecimal features (29.571 5.2.2).</summary>
    Features,

    /// <summary>Anything.</summary>
    Any,
}

/// <summary>What is known of a wire type: the one source of validation and of the served OpenAPI documents. Made once a type, by reflection.</summary>
public sealed class WireType
{
    private static readonly ConcurrentDictionary<Type, WireType> All = new();

    private WireType(Type type)
    {
        Type = type;
        Kind = KindOf(type);
        Name = type.GetCustomAttribute<AliasAttribute>()?.Alias.Replace("CAPIF.", "", StringComparison.Ordinal) ?? type.Name;
        if (Kind == WireKind.Enumeration)
        {
            Values = [.. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name)];
        }
    }

    /// <summary>The CLR type.</summary>
    public Type Type { get; }

    /// <summary>Its name in the standard.</summary>
    public string Name { get; }

    /// <summary>What kind of value it is.</summary>
    public WireKind Kind { get; }

    /// <summary>The items of an array.</summary>
    public WireType? Item { get; private set; }

    /// <summary>The values of an enumeration.</summary>
    public IReadOnlyList<string> Values { get; } = [];

    /// <summary>The attributes of a record, in order.</summary>
    public IReadOnlyList<WireAttribute> Attributes { get; private set; } = [];

    /// <summary>The attributes of which exactly one is present.</summary>
    public IReadOnlyList<string> ExactlyOneOf { get; private set; } = [];

    /// <summary>The kinds of a record that has several.</summary>
    public IReadOnlyList<VariantAttribute> Variants { get; private set; } = [];

    /// <summary>What is known of a type.</summary>
    public static WireType Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (All.TryGetValue(type, out var known))
            return known;
        var made = new WireType(type);
        // Known before its attributes are: records may hold themselves.
        if (!All.TryAdd(type, made))
            return All[type];
        if (made.Kind == WireKind.Array)
            made.Item = Of(type.GetGenericArguments()[0]);
        else if (made.Kind == WireKind.Record)
            made.ReadAttributes();
        return made;
    }

    /// <summary>The attribute of that wire name; null where there is none.</summary>
    public WireAttribute? Find(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name)
                return attribute;
        }

        return null;
    }

    private void ReadAttributes()
    {
        ExactlyOneOf = Type.GetCustomAttribute<ExactlyOneOfAttribute>()?.Names ?? [];
        Variants = [.. Type.GetCustomAttributes<VariantAttribute>()];
        Attributes =
        [
            .. Type.GetProperties()
                .Where(property => property.IsDefined(typeof(JsonPropertyNameAttribute)))
                .OrderBy(property => property.GetCustomAttribute<IdAttribute>()?.Id ?? 0)
                .Select(property => new WireAttribute(property)),
        ];
    }

    private static WireKind KindOf(Type type) => type switch
    {
        _ when type == typeof(string) => WireKind.Text,
        _ when type == typeof(int) || type == typeof(long) => WireKind.Integer,
        _ when type == typeof(double) => WireKind.Number,
        _ when type == typeof(bool) => WireKind.Boolean,
        _ when type == typeof(WireDateTime) => WireKind.DateTime,
        _ when type == typeof(SupportedFeatures) => WireKind.Features,
        _ when type == typeof(RawJson) => WireKind.Any,
        { IsEnum: true } => WireKind.Enumeration,
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => WireKind.Array,
        _ => WireKind.Record,
    };
}

/// <summary>An attribute of a wire record.</summary>
public sealed class WireAttribute
{
    private readonly PropertyInfo _property;

    internal WireAttribute(PropertyInfo property)
    {
        _property = property;
        Name = property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name;
        Type = WireType.Of(property.PropertyType);
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        MinItems = property.GetCustomAttribute<MinItemsAttribute>()?.Count ?? 0;
        MaxItems = property.GetCustomAttribute<MaxItemsAttribute>()?.Count ?? int.MaxValue;
        IsCallbackUri = property.IsDefined(typeof(CallbackUriAttribute));
        Pattern = property.GetCustomAttribute<PatternAttribute>()?.Expression is { } expression
            ? new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
            : null;
        var narrow = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(int);
        var bounds = property.GetCustomAttribute<BoundsAttribute>();
        Minimum = Math.Max(bounds?.Minimum ?? long.MinValue, narrow ? int.MinValue : long.MinValue);
        Maximum = Math.Min(bounds?.Maximum ?? long.MaxValue, narrow ? int.MaxValue : long.MaxValue);
    }

    /// <summary>Its wire name.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public WireType Type { get; }

    /// <summary>The text that a record has in it; null where it has none.</summary>
    public string? TextOf(object record) => _property.GetValue(record) as string;

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; }

    /// <summary>The least number of items.</summary>
    public int MinItems { get; }

    /// <summary>The greatest number of items.</summary>
    public int MaxItems { get; }

    /// <summary>Whether this core function sends to it.</summary>
    public bool IsCallbackUri { get; }

    /// <summary>What its text must match; null where anything will do.</summary>
    public Regex? Pattern { get; }

    /// <summary>The smallest number.</summary>
    public long Minimum { get; }

    /// <summary>The largest number.</summary>
    public long Maximum { get; }
}
