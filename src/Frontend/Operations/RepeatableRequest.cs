namespace CapifOrleans.Frontend.Operations;

/// <summary>
/// Whether what runs serves a request that does the same when it is served again (RFC 9110 9.2.2). A grain host of several machines may then
/// repeat grain calls whose silo was lost.
/// </summary>
public static class RepeatableRequest
{
    private static readonly AsyncLocal<bool> Current = new();

    /// <summary>Whether it does.</summary>
    public static bool IsCurrent => Current.Value;

    /// <summary>Says so for the rest of this request.</summary>
    internal static void Begin(string method) => Current.Value = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);
}
