namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>The operator's policy for API invokers.</summary>
public sealed class InvokerOptions
{
    /// <summary>Whether a record of an offboarded API invoker is kept (33.122 6.8 step 3: up to operator policy). Default no.</summary>
    public bool RetainOffboarded { get; init; }

    /// <summary>How long a request waits for the operator before it counts as refused. Default 7 days.</summary>
    public TimeSpan ApprovalTimeout { get; init; } = TimeSpan.FromDays(7);

    /// <summary>No access token is valid for longer, whatever <see cref="TokenLifetime"/> was when it was issued.</summary>
    public static readonly TimeSpan LongestTokenLifetime = TimeSpan.FromDays(1);

    /// <summary>How long the key of method PSK is valid (33.122 6.5.2.1 step 1). Default 1 hour.</summary>
    public TimeSpan AefPskLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an access token is valid. Default 10 minutes.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(10);
}
