using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>How calls of a method may interleave with what their grain is doing.</summary>
[Flags]
internal enum CallOptions
{
    /// <summary>One at a time.</summary>
    None = 0,

    /// <summary>With anything.</summary>
    AlwaysInterleave = 1,

    /// <summary>With other calls so marked.</summary>
    ReadOnly = 2,

    /// <summary>The caller does not wait.</summary>
    OneWay = 4,
}

/// <summary>What the host knows of a method that it calls.</summary>
internal sealed record GrainMethod(string Name, CallOptions Options)
{
    /// <summary>The delivery of a reminder.</summary>
    public static GrainMethod Reminder { get; } = new("reminder", CallOptions.None);

    /// <summary>The callback of a timer.</summary>
    public static GrainMethod Timer { get; } = new("timer", CallOptions.None);

    /// <summary>The callback of a timer that interleaves.</summary>
    public static GrainMethod InterleavingTimer { get; } = new("timer", CallOptions.AlwaysInterleave);

    /// <summary>Reads a method; refuses what Orleans could not send.</summary>
    public static GrainMethod Of(MethodInfo method)
    {
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        if (method.IsGenericMethod)
            throw new NotSupportedException($"{name} is generic; grain methods cannot be.");
        foreach (var parameter in method.GetParameters())
        {
            // A caller may promise not to change what it sends; Orleans then copies nothing either.
            if (!parameter.IsDefined(typeof(ImmutableAttribute)))
                Sendable.Check(parameter.ParameterType, $"{name}, parameter {parameter.Name}");
        }

        var options = (method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? CallOptions.AlwaysInterleave : 0)
            | (method.IsDefined(typeof(ReadOnlyAttribute)) ? CallOptions.ReadOnly : 0)
            | (method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void) ? CallOptions.OneWay : 0);
        if (method.ReturnType == typeof(void) && !method.IsDefined(typeof(OneWayAttribute))
            && !typeof(IGrainObserver).IsAssignableFrom(method.DeclaringType))
        {
            throw new NotSupportedException($"{name} must return a Task or ValueTask, or be [OneWay].");
        }

        if (ReturnedValue(method) is { } value)
            Sendable.Check(value, $"{name}, result");
        return new GrainMethod(name, options);
    }

    /// <summary>The type of the value that a method's task gives; null for none.</summary>
    public static Type? ReturnedValue(MethodInfo method)
    {
        var returned = method.ReturnType;
        if (returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask))
            return null;
        if (returned.IsGenericType && returned.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>)))
            return returned.GetGenericArguments()[0];
        throw new NotSupportedException($"{method.DeclaringType!.Name}.{method.Name} must return a Task or ValueTask.");
    }
}
