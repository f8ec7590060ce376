namespace CapifOrleans.Exposure;

/// <summary>An AEF that runs within a core function's process, as its grain calls it.</summary>
[Alias("capif.IAefObserver")]
public interface IAefObserver : IGrainObserver
{
    /// <summary>
    /// An authorization ended: when this returns, the AEF has deleted the security information and closed the API invoker's connections (33.122
    /// 6.8 steps 8 to 10). Idempotent.
    /// </summary>
    [Alias("Revoke")]
    Task RevokeAsync(AuthorizationRevocation revocation);
}
