using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A grain's state that is read when the grain is activated.</summary>
internal abstract class PersistentState
{
    /// <summary>Reads it.</summary>
    public abstract Task ReadStateAsync();
}

/// <summary>A grain's state.</summary>
internal sealed class PersistentState<TState>(string name, GrainId grain, IGrainStorage storage) : PersistentState, IPersistentState<TState>, IGrainState<TState>
{
    /// <inheritdoc cref="Core.IStorage{TState}.State"/>
    public TState State { get; set; } = Activator.CreateInstance<TState>();

    /// <inheritdoc/>
    public string? Etag { get; private set; }

    /// <inheritdoc/>
    public bool RecordExists { get; private set; }

    string? IGrainState<TState>.ETag
    {
        get => Etag;
        set => Etag = value;
    }

    bool IGrainState<TState>.RecordExists
    {
        get => RecordExists;
        set => RecordExists = value;
    }

    /// <inheritdoc/>
    public override Task ReadStateAsync() => storage.ReadStateAsync(name, grain, this);

    /// <inheritdoc/>
    public Task WriteStateAsync() => storage.WriteStateAsync(name, grain, this);

    /// <inheritdoc/>
    public Task ClearStateAsync() => storage.ClearStateAsync(name, grain, this);
}
