using CapifOrleans.Discover;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>res-ops (29.222 8.1.4.2.5): whether a version has a resource with these operations, or these custom operations without a resource.</summary>
internal static class ResOpsMatch
{
    /// <summary>Whether it has them.</summary>
    public static bool Has(CapifOrleans.Publish.Version version, ResOperInfo wanted)
    {
        if (wanted.Resource is not { } uri)
            return (wanted.CustomServOpers ?? []).All(name => (version.CustOperations ?? []).Any(one => one.CustOpName == name));
        return (version.Resources ?? []).Any(resource => Path(resource.Uri).SequenceEqual(Path(uri)) && HasAll(resource, wanted));
    }

    private static bool HasAll(Resource resource, ResOperInfo wanted) =>
        // A resource that lists no methods leaves open which it has.
        (wanted.Operations is not { } operations || resource.Operations is not { } has || operations.All(one => has.Contains(one)))
        && (wanted.CustomServOpers ?? []).All(name =>
            resource.CustOpName == name || (resource.CustOperations ?? []).Any(one => one.CustOpName == name));

    // Relative to the API's URI, with a slash before it or without.
    private static ReadOnlySpan<char> Path(string uri) => uri.AsSpan().TrimStart('/');
}
