namespace CapifOrleans.EndToEnd;

/// <summary>Waits for what another process or grain does by itself, of which nobody outside is told.</summary>
internal static class Eventually
{
    // Only a failing test waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Returns when it holds.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"{what}: not within {Patience.TotalSeconds} s");
            await Task.Delay(50);
        }
    }
}
