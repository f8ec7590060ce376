using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Security;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Authorization by resource owners (feature RNAA; 29.222 5.6.2.3.2 NOTE 1 and 2, 33.122 6.5.3, 23.222 8.31 to 8.33).</summary>
internal sealed partial class ApiInvokerGrain
{
    private static readonly Refusal NotForOwners = Refusal.Of(
        ErrorKind.OAuthUnauthorizedClient, "The security context has not negotiated RNAA, or not this grant type");

    private static readonly Refusal NoConsent = Refusal.Of(
        ErrorKind.OAuthInvalidGrant, "The resource owner has not consented to this scope for this client, or no longer does");

    /// <inheritdoc/>
    public async Task<Outcome<AuthorizationOffer>> CheckAuthorizationRequestAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        // One answer for an invoker that is not there, has no context, or no such address: a page that anybody may open tells no more.
        if (_state.State.Profile is not { } profile || _state.State.SecurityContext is not { } context
            || !AuthorizationRules.IsRedirectUri(request.RedirectUri, context.NotificationDestination, profile.NotificationDestination))
        {
            return Refusal.NotFound("No application is known by this client_id that may be answered at this redirect_uri.", "CLIENT_NOT_FOUND");
        }

        if (!HasRnaa(context))
            return NotForOwners;
        if (request.CodeChallenge is { } challenge && !AuthorizationRules.IsChallenge(challenge))
            return Refusal.Of(ErrorKind.OAuthInvalidRequest, "code_challenge must be by S256: 43 characters of base64url");
        var outcome = await GrantAsync(request.Scope, AllowedGrants.AnyCode, context, cancellationToken);
        if (!outcome.TryGet(out var granted, out var refusal))
            return refusal;
        if (granted.NeedsPkce && request.CodeChallenge is null)
            return Refusal.Of(ErrorKind.OAuthInvalidRequest, "code_challenge is missing: a service API of the scope is to be had with PKCE only");
        return new AuthorizationOffer
        {
            ClientName = string.IsNullOrWhiteSpace(profile.ApiInvokerInformation) ? ApiInvokerId : profile.ApiInvokerInformation,
            Scope = granted.Text,
            Apis = granted.ToConsents(),
        };
    }

    /// <inheritdoc/>
    public async Task ConsentRevokedAsync(ConsentRevocation revocation, CancellationToken cancellationToken)
    {
        var api = revocation.Api;
        var ended = Revocation([api.ApiId]) with { RevocationId = revocation.RevocationId, Gpsi = revocation.Gpsi, RevokedAt = revocation.RevokedAt };
        if (_state.State.SecurityContext is { } context)
            await PublishRevocationAsync(context, context, ended, [api.AefId], [api.ApiId], Cause.OtherReason, null, tells: true, cancellationToken);
        else
            await GrainFactory.GetGrain<IAefGrain>(api.AefId).AuthorizationRevokedAsync(ended, cancellationToken);
    }

    /// <summary>A token by an authorization code.</summary>
    private async Task<Outcome<TokenGrant>> TokenByCodeAsync(AccessTokenReq request, SecurityContextState context, CancellationToken cancellationToken)
    {
        if (!HasRnaa(context))
            return NotForOwners;
        if (request.AuthCode is not { } code)
            return Refusal.Of(ErrorKind.OAuthInvalidRequest, "authCode is missing");
        var redemption = new CodeRedemption { ApiInvokerId = ApiInvokerId, RedirectUri = request.RedirectUri, CodeVerifier = request.CodeVerifier };
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
        var redeemed = await GrainFactory.GetGrain<IAuthorizationCodeGrain>(key).RedeemAsync(redemption, cancellationToken);
        if (!redeemed.TryGet(out var grant, out var refusal))
            return refusal;
        if (request.ResOwnerId is { Gpsi: var owner } && owner != grant.Gpsi)
            return Refusal.Of(ErrorKind.OAuthInvalidGrant, "The authorization code is of another resource owner");
        if (request.Scope is { } scope && scope != grant.Request.Scope && scope != grant.Scope)
            return Refusal.Of(ErrorKind.OAuthInvalidScope, "The authorization code is of another scope");
        // What was authorized may have been revoked since: it is looked up anew.
        return await OwnersTokenAsync(grant.Scope, grant.Gpsi, AllowedGrants.AnyCode, context, cancellationToken);
    }

    /// <summary>A token about a resource owner's resources, if that owner consents to it now.</summary>
    private async Task<Outcome<TokenGrant>> OwnersTokenAsync(
        string? scope, string gpsi, AllowedGrants by, SecurityContextState context, CancellationToken cancellationToken)
    {
        if (!HasRnaa(context))
            return NotForOwners;
        var outcome = await GrantAsync(scope, by, context, cancellationToken);
        if (!outcome.TryGet(out var granted, out var refusal))
            return refusal;
        // What cannot be an owner must not become a grain's key.
        var isConsented = ResourceOwnerAccount.IsGpsi(gpsi)
            && await GrainFactory.GetGrain<IResourceOwnerGrain>(gpsi).HasConsentedAsync(ApiInvokerId, granted.ToConsents(), cancellationToken);
        return isConsented ? Token(granted.Text, gpsi) : NoConsent;
    }

    private static bool HasRnaa(SecurityContextState context) => context.SupportedFeatures?.Has(SecurityFeature.Rnaa) == true;
}
