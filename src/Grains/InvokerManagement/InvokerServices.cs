using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Grains.Exposure;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>The state types of this feature, and of the AEFs' duties.</summary>
[JsonSerializable(typeof(ApiInvokerState))]
[JsonSerializable(typeof(PublicKeyReservationState))]
[JsonSerializable(typeof(PendingEnrolmentsState))]
[JsonSerializable(typeof(AefState))]
internal sealed partial class InvokerStateContext : JsonSerializerContext;

/// <summary>Registers what invoker management needs.</summary>
internal static class InvokerServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddInvokerGrains(this IServiceCollection services) => services
        .AddSingleton<IJsonTypeInfoResolver>(InvokerStateContext.Default)
        .AddSingleton<IProcedureObserver, ProcedureLog>();
}
