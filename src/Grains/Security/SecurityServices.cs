using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Grains.Events;

namespace CapifOrleans.Grains.Security;

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(OutboxState))]
[JsonSerializable(typeof(ResourceOwnerState))]
[JsonSerializable(typeof(ResourceOwnerDirectoryState))]
[JsonSerializable(typeof(AuthorizationCodeState))]
internal sealed partial class SecurityStateContext : JsonSerializerContext;

/// <summary>Registers what the security feature needs.</summary>
internal static class SecurityServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddSecurityGrains(this IServiceCollection services) => services
        .AddSingleton<IJsonTypeInfoResolver>(SecurityStateContext.Default)
        .AddSingleton<AccessTokenIssuer>();
}
