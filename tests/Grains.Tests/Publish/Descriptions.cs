using System.Text.Json;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Tests.ProviderManagement;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Publish;

/// <summary>Service APIs as tests publish them.</summary>
internal static class Descriptions
{
    public static ServiceApiDescription New(string apiName, string aefId, string features = "0") => new()
    {
        ApiName = apiName,
        SupportedFeatures = ProviderHost.Features(features),
        AefProfiles =
        [
            new AefProfile
            {
                AefId = aefId,
                Protocol = Protocol.Http2,
                DataFormat = DataFormat.Json,
                SecurityMethods = [SecurityMethod.Oauth],
                Versions =
                [
                    new CapifOrleans.Publish.Version
                    {
                        ApiVersion = "v1",
                        Resources = [new Resource { ResourceName = "things", CommType = CommunicationType.RequestResponse, Uri = "/things" }],
                    },
                ],
                InterfaceDescriptions = [new InterfaceDescription { Ipv4Addr = "192.0.2.1", Port = 8443 }],
            },
        ],
    };

    /// <summary>A description with vendor-specific attributes at the top and in a profile.</summary>
    public static ServiceApiDescription WithVendorSpecific(string apiName, string aefId) => Read($$"""
        {
          "apiName": "{{apiName}}", "supportedFeatures": "100",
          "vendorSpecific-urn:etsi:mec:capifext:service-info": { "serializer": "JSON", "n": [1, null, 2.50] },
          "aefProfiles": [{
            "aefId": "{{aefId}}", "versions": [{ "apiVersion": "v1", "expiry": "2021-11-30T10:32:02.004000+00:00" }], "domainName": "example.org",
            "vendorSpecific-urn:etsi:mec:capifext:transport-info": { "id": "t1" }
          }]
        }
        """);

    public static ServiceApiDescription Read(string json)
    {
        Assert.True(WireValidator.TryRead<ServiceApiDescription>(System.Text.Encoding.UTF8.GetBytes(json), out var value, out _));
        return value;
    }

    public static string JsonOf(ServiceApiDescription description) => System.Text.Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(description));

    /// <summary>The descriptions of an answer, each as its JSON text.</summary>
    public static IReadOnlyList<string> Found(DiscoveryAnswer answer)
    {
        if (answer.Body is not { } body)
            return [];
        using var document = JsonDocument.Parse(body.AsMemory());
        return [.. document.RootElement.GetProperty("serviceAPIDescriptions").EnumerateArray().Select(one => one.GetRawText())];
    }
}
