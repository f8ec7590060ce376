using CapifOrleans.AccessControl;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Interconnection;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Logging;
using CapifOrleans.Security;

namespace CapifOrleans.Silo.Exposure;

/// <summary>The core function of an AEF that runs in its process: grain calls in place of CAPIF-3.</summary>
/// <param name="grains">The grains.</param>
/// <param name="aefId">The AEF.</param>
/// <param name="apiProvDomId">Its API provider domain.</param>
/// <param name="tokenKeys">The JWK set of access tokens.</param>
internal sealed class GrainCoreFunction(IClusterClient grains, string aefId, string? apiProvDomId, Func<string> tokenKeys) : ICoreFunction
{
    private readonly CallerIdentity _aef = new() { Role = CallerRole.Aef, Id = aefId, ApiProvDomId = apiProvDomId };

    /// <inheritdoc/>
    public Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(string apiInvokerId, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var query = new SecurityContextQuery { AefId = aefId, AuthenticationInfo = true, AuthorizationInfo = true };
        var own = await grains.GetGrain<IApiInvokerGrain>(apiInvokerId).GetSecurityContextAsync(query, cancellationToken);
        if (own.Refusal is not { Kind: ErrorKind.NotFound })
            return own;
        // Another core function's API invoker (CAPIF-6), if anybody's.
        var found = await grains.GetGrain<IInterconnectionGrain>(0).GetSecurityContextAsync(apiInvokerId, query, cancellationToken);
        if (!found.TryGet(out var security, out var refusal))
            return refusal;
        return security.Context;
    });

    /// <inheritdoc/>
    public Task<string?> GetTokenKeysAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(tokenKeys());

    /// <inheritdoc/>
    public Task<Outcome<AccessControlPolicyList>> GetPoliciesAsync(string apiId, string apiInvokerId, CancellationToken cancellationToken) => CallAsync(
        () => grains.GetGrain<IAccessControlGrain>(0).QueryAsync(
            _aef, new AccessControlQuery { ApiId = apiId, ApiInvokerId = apiInvokerId }, cancellationToken));

    /// <inheritdoc/>
    public Task<Outcome> LogAsync(InvocationLog log, string idempotencyKey, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        var outcome = await grains.GetGrain<IInvocationLoggingGrain>(0).LogAsync(_aef, log, idempotencyKey, cancellationToken);
        return outcome.Refusal is { } refusal ? refusal : Outcome.Done;
    });

    /// <summary>A fault of a grain is a core function that cannot now.</summary>
    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            throw new CoreFunctionUnavailableException("The core function failed: " + fault.GetType().Name, fault);
        }
    }
}
