using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The grain classes of the application, by interface and by durable name.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<Type, GrainClass> _byInterface = [];
    private readonly Dictionary<string, GrainClass> _byName = new(StringComparer.Ordinal);

    public GrainClasses(IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.IsClass && !type.IsAbstract && typeof(IGrainBase).IsAssignableFrom(type))
                Add(new GrainClass(type));
        }
    }

    /// <summary>The class that implements a grain interface.</summary>
    public GrainClass Of(Type grainInterface) => _byInterface.TryGetValue(grainInterface, out var found)
        ? found
        : throw new ArgumentException($"No grain class implements {grainInterface}.", nameof(grainInterface));

    /// <summary>The class of a durable name.</summary>
    public GrainClass Named(string name) => _byName.TryGetValue(name, out var found)
        ? found
        : throw new ArgumentException($"There is no grain class named {name}.", nameof(name));

    private void Add(GrainClass grainClass)
    {
        if (!_byName.TryAdd(grainClass.Name, grainClass))
            throw new InvalidOperationException($"{grainClass.Type} and {_byName[grainClass.Name].Type} have the same grain type name {grainClass.Name}.");
        foreach (var one in grainClass.Interfaces.Where(one => one.IsInterface && one != typeof(IRemindable)))
            _byInterface.TryAdd(one, grainClass);
    }
}
