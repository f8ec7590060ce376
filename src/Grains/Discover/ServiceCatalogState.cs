using System.Text.Json.Serialization.Metadata;

namespace CapifOrleans.Grains.Discover;

/// <summary>What the catalog stores: whom to ask.</summary>
internal sealed class ServiceCatalogState
{
    /// <summary>The APFs that publish, with their domains.</summary>
    public Dictionary<string, string> Publishers { get; set; } = [];
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(ServiceCatalogState))]
internal sealed partial class DiscoverStateContext : JsonSerializerContext;

/// <summary>Registers what discovery needs.</summary>
internal static class DiscoverServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddDiscoverGrains(this IServiceCollection services) =>
        services.AddSingleton<IJsonTypeInfoResolver>(DiscoverStateContext.Default);
}
