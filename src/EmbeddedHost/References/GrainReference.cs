namespace Orleans.Runtime;

/// <summary>A reference to a grain. Two references to one grain by one interface are equal.</summary>
internal abstract class GrainReference : CallReference, IEquatable<GrainReference>
{
    // Spares a long-lived reference the way through the directory.
    private Activation? _last;

    /// <summary>The host.</summary>
    public GrainCatalog Catalog { get; private set; } = null!;

    /// <summary>The grain's class.</summary>
    public GrainClass Class { get; private set; } = null!;

    /// <summary>The grain's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The grain.</summary>
    public GrainId Id => new(Class.Name, Key);

    /// <summary>Makes it refer to a grain.</summary>
    public GrainReference Bind(GrainCatalog catalog, ReferenceInterface itsInterface, GrainClass grainClass, string key)
    {
        Catalog = catalog;
        Interface = itsInterface;
        Class = grainClass;
        Key = key;
        return this;
    }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) =>
        other is not null && other.Class == Class && other.Interface == Interface && string.Equals(other.Key, Key, StringComparison.Ordinal);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => obj is GrainReference other && Equals(other);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => HashCode.Combine(Class, Key);

    /// <inheritdoc/>
    public sealed override string ToString() => Id.ToString();

    /// <inheritdoc/>
    protected sealed override void Send(GrainRequest request) => Catalog.Call(Class, Key, request, ref _last);
}
