using CapifOrleans.Aef.AccessControl;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Aef.Security;
using CapifOrleans.Exposure;

namespace CapifOrleans.Aef.Events;

/// <summary>
/// The one place where an authorization ends (33.122 6.8 steps 8 and 9, 29.222 6.2.2.3), whoever tells of it: what is recorded is on disk,
/// the security information gone and the connections closed when it returns; then it may be acknowledged.
/// </summary>
internal sealed partial class AuthorizationEnd(
    Revocations revocations, InvokerSecurityCache security, PolicyCache policies, InvokerConnections connections, TimeProvider time,
    ILogger<AuthorizationEnd> logger)
{
    // No access token is valid for longer (InvokerOptions.LongestTokenLifetime of our own core function; others give shorter ones).
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);

    /// <summary>An API invoker was offboarded, or all that it had at this AEF was revoked.</summary>
    public void End(string apiInvokerId) => End(new AuthorizationRevocation
    {
        RevocationId = Guid.NewGuid().ToString("N"),
        ApiInvokerId = apiInvokerId,
        RevokedAt = time.GetUtcNow(),
        KeepUntil = time.GetUtcNow() + KeepFor,
    });

    /// <summary>Some of it ended.</summary>
    public void End(string apiInvokerId, ImmutableArray<string> apiIds, string? tokenSha256) => End(new AuthorizationRevocation
    {
        RevocationId = Guid.NewGuid().ToString("N"),
        ApiInvokerId = apiInvokerId,
        ApiIds = apiIds,
        TokenSha256 = tokenSha256,
        RevokedAt = time.GetUtcNow(),
        KeepUntil = time.GetUtcNow() + KeepFor,
    });

    /// <summary>What the core function has on record, and may have told before: ends it if that is news.</summary>
    public void EndOnce(AuthorizationRevocation revocation)
    {
        if (!revocations.Knows(revocation))
            End(revocation);
    }

    /// <summary>As the core function's own grain tells it.</summary>
    public void End(AuthorizationRevocation revocation)
    {
        revocations.Add(revocation);
        security.Forget(revocation.ApiInvokerId);
        policies.Forget(revocation.ApiInvokerId);
        connections.Close(revocation.ApiInvokerId);
        Ended(revocation.ApiInvokerId);
    }

    /// <summary>
    /// Somebody says so who did not prove to be the core function: it is asked. What it no longer has ends, the rest goes on.
    /// </summary>
    /// <exception cref="CoreFunctionUnavailableException">It cannot be asked.</exception>
    public async Task VerifyAsync(string apiInvokerId)
    {
        if (security.Peek(apiInvokerId) is null)
            return;
        policies.Forget(apiInvokerId);
        if (await security.AskAgainAsync(apiInvokerId) is null)
            End(apiInvokerId);
    }

    [LoggerMessage(1, LogLevel.Information, "The authorization of API invoker {ApiInvokerId} ended; its security information is deleted and its connections are closed")]
    private partial void Ended(string apiInvokerId);
}
