using CapifOrleans.Compatibility;

namespace CapifOrleans.Frontend.Operations;

/// <summary>Maps operations: an endpoint exists only by its row.</summary>
internal static class OperationEndpoints
{
    /// <summary>Maps the operation's method and path to its handler, behind authentication and authorization.</summary>
    public static void MapOperation(this IEndpointRouteBuilder endpoints, Operation operation, OperationHandler handler)
    {
        var services = endpoints.ServiceProvider;
        var pipeline = new OperationPipeline(
            operation, handler, services.GetRequiredService<CompatibilityProfile>(), services.GetRequiredService<AuditLog>(),
            services.GetRequiredService<TimeProvider>());
        endpoints.MapMethods(operation.Path, [operation.Method], (RequestDelegate)pipeline.InvokeAsync).WithMetadata(operation);
    }
}
