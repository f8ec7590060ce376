using System.Collections.Immutable;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>
/// What may cross a grain call without a copy: this host sends references, so nothing that somebody could change afterwards may pass.
/// Microsoft Orleans would copy such a value; here it is refused, at the first use of the grain interface.
/// </summary>
internal static class Sendable
{
    private static readonly HashSet<Type> Known =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version),
        typeof(CancellationToken), typeof(TickStatus), typeof(GrainId),
    ];

    private static readonly HashSet<Type> KnownGeneric =
    [
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(Nullable<>),
    ];

    /// <summary>Throws for a type that may not cross.</summary>
    public static void Check(Type type, string where)
    {
        if (type.IsPrimitive || type.IsEnum || Known.Contains(type) || typeof(IAddressable).IsAssignableFrom(type))
            return;
        if (type.IsGenericType && KnownGeneric.Contains(type.GetGenericTypeDefinition()))
        {
            foreach (var argument in type.GetGenericArguments())
                Check(argument, where);
            return;
        }

        if (type.GetCustomAttribute<ImmutableAttribute>() is null)
            throw new NotSupportedException($"{where}: {type} is neither immutable nor a reference to a grain or an observer.");
    }
}
