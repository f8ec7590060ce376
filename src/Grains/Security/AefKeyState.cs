namespace CapifOrleans.Grains.Security;

/// <summary>The AEFPSK of an API invoker for one AEF, as the invoker's grain stores it.</summary>
internal sealed class AefKeyState
{
    /// <summary>The AEF.</summary>
    public required string AefId { get; init; }

    /// <summary>The key, sealed.</summary>
    public required string SealedKey { get; init; }

    /// <summary>Until when it is valid.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
