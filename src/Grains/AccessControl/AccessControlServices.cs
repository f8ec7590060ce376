using System.Text.Json.Serialization.Metadata;
using CapifOrleans.AccessControl;
using CapifOrleans.Grains.Events;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CapifOrleans.Grains.AccessControl;

/// <summary>What the grain of a service API's policies stores.</summary>
internal sealed class AccessControlPolicyState
{
    /// <summary>What later API invokers get; null where nothing was set.</summary>
    public ApiInvokerPolicy? Default { get; set; }

    /// <summary>The shares in use.</summary>
    public HashSet<string> Shares { get; set; } = [];
}

/// <summary>What a share of API invokers stores.</summary>
internal sealed class ApiInvokerPoliciesState
{
    /// <summary>The policies.</summary>
    public List<StoredPolicy> Policies { get; set; } = [];

    /// <summary>Events that are not yet with their subscribers.</summary>
    public List<PendingEvent> PendingEvents { get; set; } = [];
}

/// <summary>A policy as it is stored.</summary>
internal sealed class StoredPolicy
{
    /// <summary>The AEF; null for all.</summary>
    public string? AefId { get; init; }

    /// <summary>Whether nobody set it.</summary>
    public bool IsByDefault { get; init; }

    /// <summary>The bounds.</summary>
    public required ApiInvokerPolicy Policy { get; init; }

    /// <summary>Since when there is one.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>As it is stored.</summary>
    public static StoredPolicy Of(HeldPolicy held, DateTimeOffset createdAt) =>
        new() { AefId = held.AefId, IsByDefault = held.IsByDefault, Policy = held.Policy, CreatedAt = createdAt };

    /// <summary>As it crosses.</summary>
    public HeldPolicy Held() => new() { AefId = AefId, IsByDefault = IsByDefault, Policy = Policy, CreatedAt = CreatedAt };
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(AccessControlPolicyState))]
[JsonSerializable(typeof(ApiInvokerPoliciesState))]
internal sealed partial class AccessControlStateContext : JsonSerializerContext;

/// <summary>The operator's default policy (23.222 8.1.3), for service APIs that have none of their own.</summary>
public sealed class AccessControlOptions
{
    /// <summary>allowedTotalInvocations; null for no bound.</summary>
    public int? DefaultTotalInvocations { get; init; }

    /// <summary>allowedInvocationsPerSecond; null for no bound.</summary>
    public int? DefaultInvocationsPerSecond { get; init; }
}

/// <summary>Registers what access control needs.</summary>
internal static class AccessControlServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddAccessControlGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(new AccessControlOptions());
        return services
            .AddSingleton<IJsonTypeInfoResolver>(AccessControlStateContext.Default)
            .AddSingleton<PolicyRegister>();
    }
}
