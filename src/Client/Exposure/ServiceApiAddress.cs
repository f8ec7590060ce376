namespace CapifOrleans.Client;

/// <summary>Where a service API is: URIs of TS 29.122 5.2.4, <c>{apiRoot}/{apiName}/{apiVersion}/{apiSpecificSuffixes}</c>, at each interface of an AEF profile.</summary>
internal sealed class ServiceApiAddress
{
    private readonly List<(Uri Root, IReadOnlyList<SecurityMethod> Methods)> _interfaces;
    private readonly string _path;

    private ServiceApiAddress(string aefId, string apiName, string apiVersion, List<(Uri, IReadOnlyList<SecurityMethod>)> interfaces)
    {
        AefId = aefId;
        ApiName = apiName;
        _path = $"{Uri.EscapeDataString(apiName)}/{Uri.EscapeDataString(apiVersion)}/";
        _interfaces = interfaces;
        Base = new Uri(_interfaces[0].Root, _path);
    }

    public string AefId { get; }

    public string ApiName { get; }

    /// <summary>What an application's requests are relative to.</summary>
    public Uri Base { get; }

    /// <exception cref="ArgumentException">The description names no address, or not this AEF or version.</exception>
    public static ServiceApiAddress Of(ServiceApiDescription api, AefProfile? profile, string? apiVersion, IReadOnlyList<SecurityMethod> preferred)
    {
        profile ??= api.AefProfiles.FirstOrDefault(one => Interfaces(one).Any(at => IsUsable(at.Methods, preferred)))
            ?? throw new ArgumentException($"No AEF exposes {api.ApiName} at an address, by a method in PreferredMethods.", nameof(api));
        var version = apiVersion ?? (profile.Versions.Count > 0 ? profile.Versions[0].ApiVersion : null)
            ?? throw new ArgumentException($"{api.ApiName} has no version at AEF {profile.AefId}.", nameof(api));
        if (apiVersion is not null && profile.Versions.All(one => one.ApiVersion != apiVersion))
            throw new ArgumentException($"{api.ApiName} has no version {apiVersion} at AEF {profile.AefId}.", nameof(apiVersion));
        // The first that could be used at all; which it will be depends on the method that the core function selects.
        var interfaces = Interfaces(profile).OrderBy(one => IsUsable(one.Methods, preferred) ? 0 : 1).ToList();
        if (interfaces.Count == 0)
            throw new ArgumentException($"AEF {profile.AefId} has no address.", nameof(profile));
        return new ServiceApiAddress(profile.AefId, api.ApiName, version, interfaces);
    }

    /// <summary>The apiRoot of the interface at which this method is offered.</summary>
    public Uri Root(SecurityMethod method)
    {
        foreach (var (root, methods) in _interfaces)
        {
            if (methods.Count == 0 || methods.Contains(method))
                return root;
        }

        return _interfaces[0].Root;
    }

    /// <summary>An application's address at the interface of this apiRoot; null for one that is not of this service API, which gets no credential.</summary>
    public Uri? At(Uri root, Uri? requested)
    {
        if (requested is null || !requested.IsAbsoluteUri || requested.Scheme != Uri.UriSchemeHttps || !Base.IsBaseOf(requested))
            return null;
        return new Uri(new Uri(root, _path), Base.MakeRelativeUri(requested));
    }

    private static bool IsUsable(IReadOnlyList<SecurityMethod> offered, IReadOnlyList<SecurityMethod> preferred) =>
        offered.Count == 0 || offered.Any(preferred.Contains);

    private static IEnumerable<(Uri Root, IReadOnlyList<SecurityMethod> Methods)> Interfaces(AefProfile profile)
    {
        if (profile.DomainName is { } domain && TryRoot(domain, null, null, out var root))
            yield return (root, profile.SecurityMethods);
        foreach (var one in profile.InterfaceDescriptions)
        {
            var host = one.Fqdn ?? one.Ipv4Addr ?? (one.Ipv6Addr is { } ipv6 ? $"[{ipv6}]" : null);
            if (host is not null && TryRoot(host, one.Port, one.ApiPrefix, out root))
                yield return (root, one.SecurityMethods ?? profile.SecurityMethods);
        }
    }

    private static bool TryRoot(string host, int? port, string? prefix, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? root)
    {
        var path = string.IsNullOrEmpty(prefix?.Trim('/')) ? "/" : $"/{prefix.Trim('/')}/";
        // A domain name may come with a port of its own.
        return Uri.TryCreate($"https://{host}{(port is { } given ? $":{given}" : "")}{path}", UriKind.Absolute, out root)
            && root.UserInfo.Length == 0 && root.Host.Length > 0;
    }
}
