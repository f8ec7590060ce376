using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// Whether a published service API has what a scope narrows it to (29.222 8.5.4.2.6 with CAPIF_Ext1, 23.222 8.31). A resource is one of its
/// <c>resourceName</c>. An operation is an HTTP method, a custom operation, or one of the verbs that the standard's example has
/// (<c>op.create</c>); it is of the resource named before it, or of any where none is.
/// </summary>
internal static class ScopeCoverage
{
    private static readonly Dictionary<string, ImmutableArray<Operation>> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["create"] = [Operation.Post],
        ["read"] = [Operation.Get],
        ["update"] = [Operation.Put, Operation.Patch],
        ["delete"] = [Operation.Delete],
    };

    /// <summary>Whether the service API, as this AEF exposes it, has each of these.</summary>
    public static bool Has(ServiceApiDescription api, string aefId, ImmutableArray<ScopeItem> items)
    {
        if (items.IsEmpty)
            return true;
        var versions = (api.AefProfiles ?? []).Where(profile => profile.AefId == aefId).SelectMany(profile => profile.Versions).ToList();
        List<Resource> all = [.. versions.SelectMany(version => version.Resources ?? [])];
        List<CustomOperation> custom = [.. versions.SelectMany(version => version.CustOperations ?? [])];
        var named = all;
        foreach (var item in items)
        {
            if (item.IsResource)
            {
                named = all.FindAll(resource => resource.ResourceName == item.Name);
                custom = [];
                if (named.Count == 0)
                    return false;
            }
            else if (!named.Exists(resource => HasOperation(resource, item.Name)) && !custom.Exists(one => one.CustOpName == item.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasOperation(Resource resource, string name) =>
        resource.CustOpName == name
        || (resource.CustOperations ?? []).Any(one => one.CustOpName == name)
        // A resource that lists no methods leaves open which it has.
        || (Methods(name) is { } methods && (resource.Operations is not { } has || has.Any(one => methods.Contains(one))));

    private static ImmutableArray<Operation>? Methods(string name)
    {
        if (Verbs.TryGetValue(name, out var methods))
            return methods;
        foreach (var method in Enum.GetValues<Operation>())
        {
            if (string.Equals(WireNames.Of(method), name, StringComparison.OrdinalIgnoreCase))
                return [method];
        }

        return null;
    }
}
