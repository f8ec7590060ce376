using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Grains.Events;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(InterconnectedCcfState))]
[JsonSerializable(typeof(InterconnectionDirectoryState))]
[JsonSerializable(typeof(InterconnectedInvokersState))]
[JsonSerializable(typeof(InterconnectedInvokerState))]
[JsonSerializable(typeof(PeerSharingState))]
[JsonSerializable(typeof(OutboxState))]
internal sealed partial class InterconnectionStateContext : JsonSerializerContext;

/// <summary>Registers what interconnection needs.</summary>
internal static class InterconnectionServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddInterconnectionGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(new InterconnectionOptions());
        return services
            .AddSingleton<IJsonTypeInfoResolver>(InterconnectionStateContext.Default)
            .AddSingleton<InterconnectionCertificate>()
            .AddSingleton<PeerConnections>()
            .AddSingleton<IPeerClient, PeerClient>();
    }
}
