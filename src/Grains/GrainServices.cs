using CapifOrleans.Compatibility;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Grains.ProviderManagement;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Grains.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CapifOrleans.Grains;

/// <summary>The services that the grains of every feature need, on either grain host.</summary>
public static class GrainServices
{
    /// <summary>Adds them all.</summary>
    public static IServiceCollection AddCapifGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(new InvokerOptions());
        services.TryAddSingleton(CompatibilityProfile.Standard);
        services.AddInvokerGrains().AddSecurityGrains().AddEventsGrains().AddPublishGrains().AddDiscoverGrains().AddProviderGrains().AddAccessControlGrains().AddLoggingGrains().AddInterconnectionGrains();
        services.AddSingleton<Orleans.Storage.IGrainStorageSerializer, Storage.GrainStateSerializer>();
        return services;
    }
}
