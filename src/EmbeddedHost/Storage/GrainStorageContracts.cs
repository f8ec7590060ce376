using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain's state on its way to and from storage.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T State { get; set; }

        /// <summary>The version that storage gave it; null when storage holds none.</summary>
        string? ETag { get; set; }

        /// <summary>Whether storage holds a record.</summary>
        bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Keeps grain state.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads; where there is no record, the state is a new one.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Writes; durable when it returns.</summary>
        /// <exception cref="InconsistentStateException">Storage holds another version.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Removes; durable when it returns.</summary>
        /// <exception cref="InconsistentStateException">Storage holds another version.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    }
}
