using System.Net;
using System.Net.Sockets;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Publish;
using Version = CapifOrleans.Publish.Version;

namespace CapifOrleans.Aef.ProviderManagement;

/// <summary>What is published of a configured service API (29.222 8.2.4.2).</summary>
internal static class PublishedApi
{
    /// <summary>Its description.</summary>
    public static ServiceApiDescription Describe(ExposedApi api, string aefId, ListenAddress listen) => new()
    {
        ApiName = api.ApiName,
        Description = api.Description,
        SupportedFeatures = SupportedFeatures.Of(),
        AefProfiles =
        [
            new AefProfile
            {
                AefId = aefId,
                Versions = [.. api.Versions.Select(version => new Version { ApiVersion = version, Resources = Resources(api) })],
                Protocol = Protocol.Http11,
                DataFormat = DataFormat.Json,
                SecurityMethods = api.SecurityMethods,
                InterfaceDescriptions = [Interface(listen)],
            },
        ],
    };

    /// <summary>Where API invokers reach the AEF.</summary>
    public static InterfaceDescription Interface(ListenAddress listen)
    {
        var port = listen.PublicPort ?? listen.Port;
        if (!IPAddress.TryParse(listen.Host, out var address))
            return new InterfaceDescription { Fqdn = listen.Host, Port = port };
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new InterfaceDescription { Ipv4Addr = listen.Host, Port = port }
            : new InterfaceDescription { Ipv6Addr = listen.Host, Port = port };
    }

    private static ImmutableArray<Resource>? Resources(ExposedApi api) => api.Resources.IsEmpty ? null :
    [
        .. api.Resources.Select(resource => new Resource
        {
            ResourceName = resource.Name,
            CommType = CommunicationType.RequestResponse,
            Uri = resource.Uri,
            Operations = resource.Operations.IsEmpty ? null : resource.Operations,
        }),
    ];
}
