namespace CapifOrleans.Grains.Storage;

/// <summary>Names of grain storage.</summary>
public static class GrainStorage
{
    /// <summary>The one storage provider that all grains name in <c>[PersistentState]</c>.</summary>
    public const string Name = "capif";
}
