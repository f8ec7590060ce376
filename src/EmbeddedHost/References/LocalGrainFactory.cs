using System.Globalization;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The grain factory, for grains and for the code around them.</summary>
internal sealed class LocalGrainFactory(GrainCatalog catalog, ObserverReferences observers, IServiceProvider services) : IClusterClient
{
    /// <inheritdoc/>
    public IServiceProvider ServiceProvider => services;

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        return (TGrainInterface)(object)Reference(typeof(TGrainInterface), primaryKey);
    }

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), primaryKey.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(grainPrimaryKey);
        return (IGrain)(object)Reference(grainInterfaceType, grainPrimaryKey);
    }

    /// <inheritdoc/>
    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => observers.Make<TGrainObserverInterface>(obj);

    /// <inheritdoc/>
    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => observers.Delete<TGrainObserverInterface>(obj);

    /// <summary>A reference by that interface to the grain of that key, of the class that implements the interface.</summary>
    public GrainReference Reference(Type grainInterface, string key)
    {
        var (its, grainClass) = catalog.Classes.Of(grainInterface);
        return ((GrainReference)its.Make()).Bind(catalog, its, grainClass, key);
    }

    /// <summary>A reference by that interface to that grain.</summary>
    /// <exception cref="InvalidCastException">The grain's class does not implement the interface.</exception>
    public GrainReference Reference(Type grainInterface, GrainId id)
    {
        var grainClass = catalog.Classes.Named(id.Type);
        if (!grainInterface.IsAssignableFrom(grainClass.Type))
            throw new InvalidCastException($"{grainClass.Type} does not implement {grainInterface}.");
        var its = ReferenceInterface.Of(grainInterface);
        return ((GrainReference)its.Make()).Bind(catalog, its, grainClass, id.Key);
    }
}
