using CapifOrleans.AccessControl;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Logging;
using CapifOrleans.Security;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>The AEF's way to its core function, which a test may cut.</summary>
internal sealed class CoreLink(ICoreFunction inner) : ICoreFunction
{
    private int _contexts;

    /// <summary>Whether it is cut.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether requests get there and their answers are lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>How often security information was asked for.</summary>
    public int Contexts => _contexts;

    public Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(string apiInvokerId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _contexts);
        return PassAsync(() => inner.GetSecurityContextAsync(apiInvokerId, cancellationToken));
    }

    public Task<string?> GetTokenKeysAsync(CancellationToken cancellationToken) => PassAsync(() => inner.GetTokenKeysAsync(cancellationToken));

    public Task<Outcome<AccessControlPolicyList>> GetPoliciesAsync(string apiId, string apiInvokerId, CancellationToken cancellationToken) =>
        PassAsync(() => inner.GetPoliciesAsync(apiId, apiInvokerId, cancellationToken));

    public Task<Outcome> LogAsync(InvocationLog log, string idempotencyKey, CancellationToken cancellationToken) =>
        PassAsync(() => inner.LogAsync(log, idempotencyKey, cancellationToken));

    private async Task<T> PassAsync<T>(Func<Task<T>> call)
    {
        if (IsCut)
            throw new CoreFunctionUnavailableException("cut by the test");
        var answer = await call();
        return LosesAnswers ? throw new CoreFunctionUnavailableException("the answer was lost") : answer;
    }
}
