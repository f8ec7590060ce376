using CapifOrleans.Interconnection;
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
        // The AEFs are a peer's, and so is the signature.
        return grant.CcfId is { } ccfId
            ? await GrainFactory.GetGrain<IInterconnectionGrain>(0).ObtainTokenAsync(ccfId, apiInvokerId, grant.Scope, cancellationToken)
            : Issue(apiInvokerId, grant);
    }

    /// <inheritdoc/>
    public async Task<Outcome<AccessTokenRsp>> IssueForPeerAsync(
        string ccfId, string apiInvokerId, AccessTokenReq request, CancellationToken cancellationToken)
    {
        var outcome = await GrainFactory.GetGrain<IInterconnectedInvokerGrain>(apiInvokerId).AuthorizeTokenAsync(ccfId, request, cancellationToken);
        return outcome.TryGet(out var grant, out var refusal) ? Issue(apiInvokerId, grant) : refusal;
    }

    private AccessTokenRsp Issue(string apiInvokerId, TokenGrant grant) => new()
    {
        AccessToken = tokens.Issue(apiInvokerId, grant),
        TokenType = AccessTokenType.Bearer,
        ExpiresIn = (int)tokens.Lifetime.TotalSeconds,
        Scope = grant.Scope,
    };
}
