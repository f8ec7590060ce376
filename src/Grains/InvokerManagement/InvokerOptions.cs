namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>The operator's policy for API invokers.</summary>
public sealed class InvokerOptions
{
    /// <summary>Whether a record of an offboarded API invoker is kept (33.122 6.8 step 3: up to operator policy). Default no.</summary>
    public bool RetainOffboarded { get; init; }

    /// <summary>How long an access token is valid. Default 10 minutes.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(10);
}
