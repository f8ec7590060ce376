using CapifOrleans.AccessControl;
using CapifOrleans.Logging;
using CapifOrleans.Security;

namespace CapifOrleans.Aef.CoreFunction;

/// <summary>
/// All that an AEF asks of its core function (CAPIF-3). Refusals are returned; <see cref="CoreFunctionUnavailableException"/> says that
/// nobody answered, and that asking again later makes sense.
/// </summary>
public interface ICoreFunction
{
    /// <summary>The security information of an API invoker at this AEF, with authentication and authorization information (29.222 5.6.2.4).</summary>
    Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>The keys of access tokens, a JWK set (RFC 7517) as JSON; null where the core function publishes none.</summary>
    Task<string?> GetTokenKeysAsync(CancellationToken cancellationToken);

    /// <summary>The policies of an API invoker at a service API (29.222 5.10.2.2).</summary>
    Task<Outcome<AccessControlPolicyList>> GetPoliciesAsync(string apiId, string apiInvokerId, CancellationToken cancellationToken);

    /// <summary>Logs invocations (29.222 5.8.2.2). The same key with the same batch is one log, however often it is sent.</summary>
    Task<Outcome> LogAsync(InvocationLog log, string idempotencyKey, CancellationToken cancellationToken);
}

/// <summary>The core function did not answer, or answered that it cannot now.</summary>
public sealed class CoreFunctionUnavailableException : Exception
{
    /// <summary>An exception.</summary>
    public CoreFunctionUnavailableException(string message) : base(message) { }

    /// <summary>An exception with its cause.</summary>
    public CoreFunctionUnavailableException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An exception without text.</summary>
    public CoreFunctionUnavailableException() { }
}
