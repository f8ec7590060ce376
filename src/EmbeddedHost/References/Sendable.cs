using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>
/// What may cross a grain call without a copy: this host sends references, so nothing that somebody could change afterwards may pass.
/// Microsoft Orleans would copy such a value; here it is refused, at the first use of the grain interface.
/// </summary>
internal static class Sendable
{
    private static readonly FrozenSet<Type> Known = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid),
        typeof(Uri), typeof(Version), typeof(IPAddress), typeof(IPEndPoint), typeof(CancellationToken), typeof(TickStatus), typeof(GrainId),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> KnownGeneric = new[]
    {
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableSortedDictionary<,>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(Nullable<>), typeof(KeyValuePair<,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
    }.ToFrozenSet();

    /// <summary>Throws for a type that may not cross.</summary>
    public static void Check(Type type, string where)
    {
        if (type.IsPrimitive || type.IsEnum || Known.Contains(type) || typeof(IAddressable).IsAssignableFrom(type))
            return;
        var isKnown = type.IsGenericType && KnownGeneric.Contains(type.GetGenericTypeDefinition());
        if (!isKnown && type.GetCustomAttribute<ImmutableAttribute>() is null)
            throw new NotSupportedException($"{where}: {type} is neither immutable nor a reference to a grain or an observer.");
        // A generic container is as immutable as what it holds.
        foreach (var argument in type.GenericTypeArguments)
            Check(argument, where);
    }
}
