using System.Text.Json.Serialization.Metadata;

namespace CapifOrleans.Grains.Enrolment;

/// <summary>The services of the enrolment grains.</summary>
public static class EnrolmentServices
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddEnrolmentGrains(this IServiceCollection services, EnrolmentOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IJsonTypeInfoResolver>(EnrolmentStateContext.Default);
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<EnrolmentCredentials>();
        return services;
    }
}
