using Orleans.Runtime;

namespace Orleans;

/// <summary>The base of all grain interfaces.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain whose key is a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>A grain whose key is a whole number.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>An object outside the grains that grains can call back (Orleans: observers).</summary>
public interface IGrainObserver : IAddressable;

/// <summary>A grain that receives reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>Called when a reminder of this grain is due. It may come late, and twice.</summary>
    Task ReceiveReminder(string reminderName, Runtime.TickStatus status);
}

/// <summary>Makes references to grains. Making one does not activate the grain.</summary>
public interface IGrainFactory
{
    /// <summary>The grain of this interface with this key.</summary>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>The grain of this interface with this key.</summary>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>The grain of this interface with this key.</summary>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);

    /// <summary>A reference by which grains call <paramref name="obj"/>. The caller must keep the object alive.</summary>
    TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver;

    /// <summary>Ends a reference: <paramref name="obj"/> is what <see cref="CreateObjectReference{T}"/> gave.</summary>
    void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver;
}

/// <summary>The grain factory as code outside the grains sees it.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The host's services.</summary>
    IServiceProvider ServiceProvider { get; }
}
