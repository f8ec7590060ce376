namespace Orleans.Core
{
    /// <summary>State that can be read from and written to storage.</summary>
    public interface IStorage
    {
        /// <summary>The version in storage that <c>State</c> was read from or written as; null when there is none.</summary>
        string? Etag { get; }

        /// <summary>Whether storage holds a record.</summary>
        bool RecordExists { get; }

        /// <summary>Removes the record.</summary>
        Task ClearStateAsync();

        /// <summary>Writes the state; durable when it returns.</summary>
        /// <exception cref="Orleans.Storage.InconsistentStateException">Storage holds another version.</exception>
        Task WriteStateAsync();

        /// <summary>Reads the state anew.</summary>
        Task ReadStateAsync();

        /// <inheritdoc cref="ClearStateAsync()"/>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <inheritdoc cref="ReadStateAsync()"/>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <inheritdoc/>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A grain's named, persistent state, injected into its constructor.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>;

    /// <summary>Says which state a constructor parameter of type <see cref="IPersistentState{TState}"/> is.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        /// <summary>The name of the state within the grain.</summary>
        public string StateName { get; } = stateName;

        /// <summary>The name of the storage provider; null for the default one.</summary>
        public string? StorageName { get; } = storageName;
    }
}

namespace Orleans.Storage
{
    /// <summary>Turns grain state into what storage keeps, and back.</summary>
    public interface IGrainStorageSerializer
    {
        /// <summary>Writes the state.</summary>
        BinaryData Serialize<T>(T? input);

        /// <summary>Reads the state.</summary>
        T? Deserialize<T>(BinaryData input);
    }
}
