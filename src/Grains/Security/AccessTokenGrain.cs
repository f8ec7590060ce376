using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <inheritdoc/>
// Reentrant: it has no state. More of them than there are processors, so that a request finds an idle one and is signed on the thread that it
// came on.
[GrainType("access-token"), StatelessWorker(MostWorkers), Reentrant]
internal sealed class AccessTokenGrain(AccessTokenIssuer tokens) : Grain, IAccessTokenGrain
{
    private const int MostWorkers = 64;

    /// <inheritdoc/>
    public async Task<Outcome<AccessTokenRsp>> IssueAsync(string apiInvokerId, AccessTokenReq request, CancellationToken cancellationToken)
    {
        var outcome = await GrainFactory.GetGrain<IApiInvokerGrain>(apiInvokerId).AuthorizeTokenAsync(request, cancellationToken);
        if (!outcome.TryGet(out var grant, out var refusal))
            return refusal;
        return new AccessTokenRsp
        {
            AccessToken = tokens.Issue(apiInvokerId, grant),
            TokenType = AccessTokenType.Bearer,
            ExpiresIn = (int)tokens.Lifetime.TotalSeconds,
            Scope = grant.Scope,
        };
    }
}
