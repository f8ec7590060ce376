using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>One interface of grains or observers: its methods, and the class that implements it as a reference.</summary>
internal sealed class ReferenceInterface
{
    private static readonly ConcurrentDictionary<Type, ReferenceInterface> All = new();
    private readonly Func<CallReference> _make;

    private ReferenceInterface(Type type)
    {
        if (!type.IsInterface)
            throw new ArgumentException($"{type} is not an interface.", nameof(type));
        Type = type;
        var methods = type.GetInterfaces().Append(type).SelectMany(one => one.GetMethods()).Where(one => one.IsAbstract && !one.IsStatic).ToArray();
        Methods = [.. methods.Select(GrainMethod.Of)];
        var isObserver = typeof(IGrainObserver).IsAssignableFrom(type);
        _make = ReferenceBuilder.Build(type, methods, isObserver ? typeof(ObserverReference) : typeof(GrainReference));
    }

    /// <summary>The interface.</summary>
    public Type Type { get; }

    /// <summary>Its methods, in the order in which the references number them.</summary>
    public GrainMethod[] Methods { get; }

    /// <summary>What is known of that interface.</summary>
    /// <exception cref="NotSupportedException">The interface has a method that Orleans could not send.</exception>
    public static ReferenceInterface Of(Type type) => All.GetOrAdd(type, static one => new ReferenceInterface(one));

    /// <summary>A reference that refers to nothing yet.</summary>
    public CallReference Make() => _make();
}
