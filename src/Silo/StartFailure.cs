namespace CapifOrleans.Silo;

/// <summary>Something that an operator can mend; the message is one clear line with what to do.</summary>
internal sealed class StartFailure(string message, Exception? cause = null) : Exception(message, cause);
