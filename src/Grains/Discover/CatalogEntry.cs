using System.Text.Json;
using CapifOrleans.Discover;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Discover;

/// <summary>A service API as discovery holds it. Its JSON is made when it is first answered and then kept: an answer is a concatenation.</summary>
internal sealed class CatalogEntry(PublishedServiceApi published, bool showsShareable = false)
{
    private byte[]? _json;
    private byte[]? _vendorJson;
    private JsonElement? _representation;
    private OpenApiDetails? _openDetails;
    private JsonElement? _openRepresentation;

    /// <summary>The service API.</summary>
    public PublishedServiceApi Published { get; } = published;

    /// <summary>Its description.</summary>
    public ServiceApiDescription Description => Published.Description;

    // shareableInfo is told by a profile only (29.222 5.2.2.2.2); vendor-specific attributes only to who knows them (7.11).
    private ServiceApiDescription Shown => showsShareable ? Description : Description with { ShareableInfo = null };

    /// <summary>Its description as UTF-8 JSON.</summary>
    public byte[] Json(bool withVendorSpecific) => withVendorSpecific && Description.HasVendorSpecific
        ? _vendorJson ??= WireJson.SerializeToUtf8Bytes(Shown)
        : _json ??= WireJson.SerializeToUtf8Bytes(Shown.WithoutVendorSpecific());

    /// <summary>The same with vendor-specific attributes, for vendor-specific filters.</summary>
    public JsonElement Representation => _representation ??= JsonSerializer.Deserialize<JsonElement>(Json(withVendorSpecific: true));

    /// <summary>What open discovery tells: neither addresses nor security methods (29.222 8.11.5.2.4).</summary>
    public OpenApiDetails OpenDetails => _openDetails ??= new OpenApiDetails
    {
        ApiName = Description.ApiName,
        ApiId = Description.ApiId,
        ApiStatus = Description.ApiStatus,
        Description = Description.Description,
        ServiceApiCategory = Description.ServiceApiCategory,
        ApiSuppFeats = Description.ApiSuppFeats,
        ApiProvName = Description.ApiProvName,
        AefProfiles = Description.AefProfiles?.Select(profile => new OpenAefProfile
        {
            AefId = profile.AefId,
            Versions = profile.Versions,
            Protocol = profile.Protocol,
            DataFormat = profile.DataFormat,
            AefLocation = profile.AefLocation,
            ServiceKpis = profile.ServiceKpis,
        }).ToImmutableArray(),
    };

    /// <summary>The same as it is answered, for vendor-specific filters of an open discovery.</summary>
    public JsonElement OpenRepresentation => _openRepresentation ??= JsonSerializer.Deserialize<JsonElement>(WireJson.SerializeToUtf8Bytes(OpenDetails));
}
