using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// Whether a published service API has what a scope narrows it to (29.222 8.5.4.2.6 with CAPIF_Ext1, 23.222 8.31). A resource is one of its
/// <c>resourceName</c>. An operation is an HTTP method, a custom operation, or one of the verbs that the standard's example has
/// (<c>op.create</c>); it is of the resource named before it, or of any where none is.
/// </summary>
internal static class ScopeCoverage
{
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
        || (ScopeOperations.Methods(name) is { } methods && (resource.Operations is not { } has || has.Any(one => methods.Contains(one))));
}
