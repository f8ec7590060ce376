namespace Orleans.Runtime
{
    /// <summary>The base of what the grain host itself throws.</summary>
    public class OrleansException : Exception
    {
        /// <summary>An exception without text.</summary>
        public OrleansException() { }

        /// <summary>An exception.</summary>
        public OrleansException(string message) : base(message) { }

        /// <summary>An exception with its cause.</summary>
        public OrleansException(string message, Exception? innerException) : base(message, innerException) { }
    }
}

namespace Orleans.Storage
{
    /// <summary>Storage holds another version of the state than the one that was read.</summary>
    public class InconsistentStateException : Runtime.OrleansException
    {
        /// <summary>An exception without text.</summary>
        public InconsistentStateException() { }

        /// <summary>An exception.</summary>
        public InconsistentStateException(string message) : base(message) { }

        /// <summary>An exception with its cause.</summary>
        public InconsistentStateException(string message, Exception? innerException) : base(message, innerException) { }

        /// <summary>An exception that names both versions.</summary>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException = null)
            : base(errorMsg, storageException)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>The version in storage.</summary>
        public string? StoredEtag { get; private set; }

        /// <summary>The version in memory.</summary>
        public string? CurrentEtag { get; private set; }

        /// <summary>Whether it is still within the activation whose state it is about.</summary>
        internal bool IsSourceActivation { get; set; } = true;
    }
}
