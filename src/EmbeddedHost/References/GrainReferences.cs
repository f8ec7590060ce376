using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>Makes references to grains: objects of the grain's interface whose methods are calls.</summary>
internal sealed class GrainReferences(GrainCatalog catalog)
{
    /// <summary>A reference of that interface to that grain.</summary>
    public object Make(Type grainInterface, GrainId id)
    {
        var reference = (GrainReference)(object)DispatchProxy.Create(grainInterface, typeof(GrainReference));
        reference.Bind(GrainMethods.Of(grainInterface), id, catalog);
        return reference;
    }
}

/// <summary>A reference to a grain. Two references to one grain by one interface are equal.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
internal class GrainReference : DispatchProxy, IEquatable<GrainReference>
{
    private GrainMethods _methods = null!;
    private GrainCatalog _catalog = null!;

    /// <summary>The grain.</summary>
    public GrainId Id { get; private set; }

    /// <summary>Makes the proxy a reference.</summary>
    public void Bind(GrainMethods methods, GrainId id, GrainCatalog catalog)
    {
        _methods = methods;
        _catalog = catalog;
        Id = id;
    }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && other.Id == Id && other._methods == _methods;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainReference other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Id.ToString();

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _methods[targetMethod!].Call(_catalog, Id, args!);
}

/// <summary>The methods of one grain interface.</summary>
internal sealed class GrainMethods
{
    private static readonly ConcurrentDictionary<Type, GrainMethods> All = new();
    private readonly Dictionary<MethodInfo, GrainMethod> _methods = [];

    private GrainMethods(Type grainInterface)
    {
        foreach (var method in grainInterface.GetInterfaces().Append(grainInterface).SelectMany(one => one.GetMethods()))
            _methods.Add(method, GrainMethod.Create(grainInterface, method));
    }

    /// <summary>The methods of that interface; an interface that Orleans could not serve is an error here.</summary>
    public static GrainMethods Of(Type grainInterface) => All.GetOrAdd(grainInterface, static one => new GrainMethods(one));

    /// <summary>One of them.</summary>
    public GrainMethod this[MethodInfo method] => _methods[method];
}
