using System.Collections.Concurrent;
using System.Reflection;

namespace CapifOrleans.Json;

/// <summary>The wire names of enumeration values.</summary>
public static class WireNames
{
    private static readonly ConcurrentDictionary<Enum, string> Names = new();

    /// <summary>The name of a value in the standard, as <c>API_INVOKER_OFFBOARDED</c>.</summary>
    public static string Of(Enum value) => Names.GetOrAdd(value, static one =>
        one.GetType().GetField(one.ToString())?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? one.ToString());

    /// <summary>The value of a name in the standard; null where there is none.</summary>
    public static T? Find<T>(string name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == name)
                return value;
        }

        return null;
    }
}
