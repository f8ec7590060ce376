namespace CapifOrleans.Grains.Tests.Fakes;

/// <summary>What a caller sees of a storage that is gone: the embedded host lets the fault through, Orleans wraps it.</summary>
internal static class StorageFault
{
    /// <summary>Whether it is one.</summary>
    public static bool Is(Exception fault) => fault is IOException || (fault is Orleans.Runtime.OrleansException && fault.ToString().Contains(nameof(IOException), StringComparison.Ordinal));

    /// <summary>Checks that a call ends with one.</summary>
    public static async Task EndsAsync(Func<Task> call) => Assert.True(Is(await Assert.ThrowsAnyAsync<Exception>(call)));
}
