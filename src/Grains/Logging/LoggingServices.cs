using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CapifOrleans.Grains.Logging;

/// <summary>What is stored of retention.</summary>
internal sealed class InvocationLogRetentionState
{
    /// <summary>Hours by apiId; null for without end.</summary>
    public Dictionary<string, int?> Hours { get; set; } = [];
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(InvocationLogRetentionState))]
internal sealed partial class LoggingStateContext : JsonSerializerContext;

/// <summary>How invocation logs are kept.</summary>
public sealed class InvocationLogOptions
{
    /// <summary>Hours for which logs are kept where nothing is set for their service API; null for without end (23.222 Annex E).</summary>
    public int? RetentionHours { get; init; }
}

/// <summary>Registers what logging needs.</summary>
internal static class LoggingServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddLoggingGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(new InvocationLogOptions());
        return services.AddSingleton<IJsonTypeInfoResolver>(LoggingStateContext.Default);
    }
}
