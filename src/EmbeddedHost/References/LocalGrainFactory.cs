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
        return Reference<TGrainInterface>(primaryKey);
    }

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => Reference<TGrainInterface>(primaryKey.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => observers.Make<TGrainObserverInterface>(obj);

    /// <inheritdoc/>
    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => observers.Delete<TGrainObserverInterface>(obj);

    private TGrainInterface Reference<TGrainInterface>(string key) =>
        (TGrainInterface)catalog.References.Make(typeof(TGrainInterface), catalog.IdOf(typeof(TGrainInterface), key));
}
