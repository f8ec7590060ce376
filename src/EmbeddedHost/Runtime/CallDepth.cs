namespace Orleans.Runtime;

/// <summary>How many calls run nested on this thread: past a few, a call goes to another thread rather than deeper into the stack.</summary>
internal static class CallDepth
{
    private const int Most = 8;

    [ThreadStatic]
    private static int _depth;

    /// <summary>Goes one deeper, if that is allowed.</summary>
    public static bool TryEnter()
    {
        if (_depth >= Most)
            return false;
        _depth++;
        return true;
    }

    /// <summary>Comes back.</summary>
    public static void Leave() => _depth--;
}
