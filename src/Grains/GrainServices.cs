namespace CapifOrleans.Grains;

/// <summary>The services that the grains of every feature need, on either grain host.</summary>
public static class GrainServices
{
    /// <summary>Adds them all.</summary>
    public static IServiceCollection AddCapifGrains(this IServiceCollection services)
    {
        services.AddSingleton<Orleans.Storage.IGrainStorageSerializer, Storage.GrainStateSerializer>();
        return services;
    }
}
