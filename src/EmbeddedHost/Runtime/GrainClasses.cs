using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The grain classes of the application, by interface and by durable name.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<string, GrainClass> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, (ReferenceInterface Interface, GrainClass Class)> _byInterface = new();

    public GrainClasses(IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (!type.IsClass || type.IsAbstract || !typeof(IGrainBase).IsAssignableFrom(type))
                continue;
            var grainClass = new GrainClass(type);
            if (!_byName.TryAdd(grainClass.Name, grainClass))
                throw new InvalidOperationException($"{type} and {_byName[grainClass.Name].Type} have the same grain type name {grainClass.Name}.");
        }

        All = [.. _byName.Values];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<GrainClass> All { get; }

    /// <summary>The class that implements a grain interface, and the interface as references implement it.</summary>
    public (ReferenceInterface Interface, GrainClass Class) Of(Type grainInterface) =>
        _byInterface.TryGetValue(grainInterface, out var found) ? found : _byInterface.GetOrAdd(grainInterface, Find);

    /// <summary>The class of a durable name.</summary>
    public GrainClass Named(string name) => _byName.TryGetValue(name, out var found)
        ? found
        : throw new ArgumentException($"There is no grain class named {name}.", nameof(name));

    private (ReferenceInterface Interface, GrainClass Class) Find(Type grainInterface)
    {
        var classes = All.Where(one => grainInterface.IsAssignableFrom(one.Type)).ToArray();
        return classes.Length switch
        {
            1 => (ReferenceInterface.Of(grainInterface), classes[0]),
            0 => throw new ArgumentException($"No grain class implements {grainInterface}.", nameof(grainInterface)),
            _ => throw new ArgumentException(
                $"Several grain classes implement {grainInterface}: {string.Join(", ", classes.Select(one => one.Type.Name))}.", nameof(grainInterface)),
        };
    }
}
