using CapifOrleans.Aef.Configuration;
using CapifOrleans.Publish;

namespace CapifOrleans.Aef.Exposure;

/// <summary>A version of a service API as this AEF serves it.</summary>
internal sealed class ServiceApi
{
    private readonly ImmutableArray<ExposedResource> _resources;

    public ServiceApi(ExposedApi configuration, string apiId, string version)
    {
        Configuration = configuration;
        ApiId = apiId;
        Version = version;
        Root = $"/{configuration.ApiName}/{version}";
        Upstream = configuration.Upstream?.Replace("{apiVersion}", version, StringComparison.Ordinal).TrimEnd('/');
        // The longest first: the nearest one counts.
        _resources = [.. configuration.Resources.OrderByDescending(resource => resource.Uri.Length)];
    }

    /// <summary>How it is configured.</summary>
    public ExposedApi Configuration { get; }

    /// <summary>Its name.</summary>
    public string ApiName => Configuration.ApiName;

    /// <summary>Its identifier.</summary>
    public string ApiId { get; }

    /// <summary>Its version.</summary>
    public string Version { get; }

    /// <summary>What its paths begin with.</summary>
    public string Root { get; }

    /// <summary>What stands for <see cref="Root"/> at the service; null where another AEF is behind this one.</summary>
    public string? Upstream { get; }

    /// <summary>The resource of a path after the root; without resources on record its first segment.</summary>
    public string? ResourceOf(string rest)
    {
        foreach (var resource in _resources)
        {
            var uri = resource.Uri.TrimEnd('/');
            if (rest.StartsWith(uri, StringComparison.Ordinal) && (rest.Length == uri.Length || rest[uri.Length] == '/'))
                return resource.Name;
        }

        if (!_resources.IsEmpty || rest.Length < 2)
            return null;
        var slash = rest.IndexOf('/', 1);
        return slash < 0 ? rest[1..] : rest[1..slash];
    }

    /// <summary>The method as the standard names it; null where it does not.</summary>
    public static Operation? OperationOf(string method) => method switch
    {
        "GET" => Operation.Get,
        "POST" => Operation.Post,
        "PUT" => Operation.Put,
        "PATCH" => Operation.Patch,
        "DELETE" => Operation.Delete,
        _ => null,
    };
}

/// <summary>The service APIs of an AEF by their paths.</summary>
internal sealed class ServiceApis
{
    private readonly Dictionary<string, ServiceApi> _byRoot = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServiceApi>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public ServiceApis(AefConfiguration configuration, AefIdentity identity)
    {
        foreach (var api in configuration.ServiceApis)
        {
            foreach (var version in api.Versions)
            {
                var served = new ServiceApi(api, identity.ServiceApis[api.ApiName], version);
                _byRoot.Add(served.Root, served);
            }
        }

        _lookup = _byRoot.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ServiceApi> All => _byRoot.Values;

    /// <summary>The service API of a path, and what of the path is left; null where there is none.</summary>
    public ServiceApi? Find(string path, out string rest)
    {
        rest = "";
        var name = path.IndexOf('/', 1);
        if (name < 0)
            return null;
        var version = path.IndexOf('/', name + 1);
        var end = version < 0 ? path.Length : version;
        if (!_lookup.TryGetValue(path.AsSpan(0, end), out var api))
            return null;
        rest = path[end..];
        return api;
    }
}
