using CapifOrleans.Interconnection;
using CapifOrleans.Security;

namespace CapifOrleans.InvokerManagement;

/// <summary>An API invoker, from its onboarding to its offboarding. The key is the apiInvokerId.</summary>
[Alias("capif.IApiInvokerGrain")]
public interface IApiInvokerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Onboards (29.222 5.5.2.2, 33.122 6.1 steps 4-5): reserves the public key, records the serial, issues the certificate, makes the
    /// Onboard_Secret where an API uses OAuth. Durable when it returns. Refused: a key that is onboarded already, a certificate of an
    /// issuer that is not trusted.
    /// </summary>
    [Alias("Onboard")]
    Task<Outcome<ApiInvokerEnrolmentDetails>> OnboardAsync(OnboardingRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Checks an onboarding as <see cref="OnboardAsync"/> does, reserves the key and keeps the request until the operator decides (29.222
    /// 5.5.2.2.2: 202). Durable when it returns.
    /// </summary>
    [Alias("RequestOnboarding")]
    Task<Outcome> RequestOnboardingAsync(OnboardingRequest request, CancellationToken cancellationToken);

    /// <summary>Replaces what may be replaced (29.222 5.5.2.5); identifiers, key, certificate and secret may not.</summary>
    [Alias("Update")]
    Task<Outcome<ApiInvokerEnrolmentDetails>> UpdateAsync(ApiInvokerEnrolmentDetails details, CancellationToken cancellationToken);

    /// <summary>Applies a merge patch (RFC 7396, feature PatchUpdate); <paramref name="patch"/> is its JSON text.</summary>
    [Alias("Patch")]
    Task<Outcome<ApiInvokerEnrolmentDetails>> PatchAsync(ImmutableArray<byte> patch, CancellationToken cancellationToken);

    /// <summary>
    /// Checks an update as <see cref="UpdateAsync"/> does and keeps it until the operator decides (29.222 5.5.2.5.2: 202). A later one takes
    /// its place.
    /// </summary>
    [Alias("RequestUpdate")]
    Task<Outcome> RequestUpdateAsync(ApiInvokerEnrolmentDetails details, CancellationToken cancellationToken);

    /// <summary>As <see cref="RequestUpdateAsync"/>, of a merge patch.</summary>
    [Alias("RequestPatch")]
    Task<Outcome> RequestPatchAsync(ImmutableArray<byte> patch, CancellationToken cancellationToken);

    /// <summary>The onboarding or update that waits for the operator; null where none does.</summary>
    [Alias("GetPending")]
    Task<PendingEnrolment?> GetPendingAsync(CancellationToken cancellationToken);

    /// <summary>The operator approves; see <see cref="IOnboardingApprovalGrain.ApproveAsync"/>.</summary>
    [Alias("Approve")]
    Task<Outcome> ApproveAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>The operator refuses; see <see cref="IOnboardingApprovalGrain.RefuseAsync"/>.</summary>
    [Alias("Refuse")]
    Task<Outcome> RefuseAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>
    /// Offboards (33.122 6.8 step 3): when it returns the profile, secret, security contexts and keys are gone, the certificate is on the
    /// revocation list, and the remaining steps (connections, AEFs) go on by themselves until done, over restarts.
    /// </summary>
    [Alias("Offboard")]
    Task<Outcome> OffboardAsync(CancellationToken cancellationToken);

    /// <summary>Where an offboarding stands; null when the invoker was never offboarded or nothing is retained.</summary>
    [Alias("GetOffboarding")]
    Task<OffboardingReport?> GetOffboardingAsync(CancellationToken cancellationToken);

    /// <summary>This invoker's identity, if <paramref name="certificate"/> is the one on record now; null otherwise.</summary>
    [Alias("Identify")]
    Task<CallerIdentity?> IdentifyAsync(PresentedCertificate certificate, CancellationToken cancellationToken);

    /// <summary>Whether an API invoker of this identifier is onboarded.</summary>
    [Alias("IsOnboarded")]
    Task<bool> IsOnboardedAsync(CancellationToken cancellationToken);

    /// <summary>Whether its public key is nobody else's to use: it is onboarded, or its onboarding waits for the operator.</summary>
    [Alias("HoldsPublicKey")]
    Task<bool> HoldsPublicKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Before an access control policy of this invoker is made: remembers, durably, that its offboarding must remove it. False where it is not
    /// onboarded, or not authorized for the service API at <paramref name="aefId"/>, if one is given.
    /// </summary>
    [Alias("HoldPolicy")]
    Task<bool> HoldPolicyAsync(string apiId, string? aefId, CancellationToken cancellationToken);

    /// <summary>
    /// Creates the security context and selects a method for each entry (29.222 5.6.2.2, 33.122 6.3.1.2). PSK is selected only with the
    /// <paramref name="session"/> of the connection that it came on, of which the keys are derived (33.122 A.1).
    /// </summary>
    [Alias("CreateSecurityContext")]
    Task<Outcome<ServiceSecurity>> CreateSecurityContextAsync(ServiceSecurity context, CapifSession? session, CancellationToken cancellationToken);

    /// <summary>Negotiates anew (29.222 <c>.../update</c>); keys of an earlier session are gone then.</summary>
    [Alias("UpdateSecurityContext")]
    Task<Outcome<ServiceSecurity>> UpdateSecurityContextAsync(ServiceSecurity context, CapifSession? session, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="CreateSecurityContextAsync"/> (or, with <paramref name="isUpdate"/>, <see cref="UpdateSecurityContextAsync"/>), where peers selected for
    /// some entries (seed 003 6.X.2); keys for their AEFs are derived here as well.
    /// </summary>
    [Alias("NegotiateInterconnected")]
    Task<Outcome<ServiceSecurity>> NegotiateInterconnectedAsync(
        ServiceSecurity context, CapifSession? session, ImmutableArray<PeerSelection> selections, bool isUpdate, CancellationToken cancellationToken);

    /// <summary>
    /// What a peer needs to know of this invoker for one of its AEFs (6.X.3.1): NotFound unless the invoker negotiated with that AEF of that peer.
    /// </summary>
    [Alias("GetSecurityContextForPeer")]
    Task<Outcome<InterconnectedSecurity>> GetSecurityContextForPeerAsync(SecurityContextQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// A peer ended authorizations of this invoker at its AEFs: those of <paramref name="notification"/>, or all. The invoker is told. NotFound where the
    /// invoker has none with that peer.
    /// </summary>
    [Alias("RevokeByPeer")]
    Task<Outcome> RevokeByPeerAsync(string ccfId, SecurityNotification? notification, CancellationToken cancellationToken);

    /// <summary>What an AEF needs to know of this invoker: the entries of its own interfaces only (29.222 5.6.2.4).</summary>
    [Alias("GetSecurityContext")]
    Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(SecurityContextQuery query, CancellationToken cancellationToken);

    /// <summary>Revokes every authorization of this invoker at one AEF (29.222 5.6.2.5, DELETE).</summary>
    [Alias("DeleteSecurityContext")]
    Task<Outcome> DeleteSecurityContextAsync(string aefId, CancellationToken cancellationToken);

    /// <summary>Revokes the authorizations named at one AEF (29.222 5.6.2.5, POST .../delete).</summary>
    [Alias("RevokeAuthorization")]
    Task<Outcome> RevokeAuthorizationAsync(string aefId, SecurityNotification notification, CancellationToken cancellationToken);

    /// <summary>
    /// What an authorization request asks a resource owner for (RFC 6749 4.1.1). Refused: NotFound or InvalidRequest where the answer must not be
    /// redirected, an OAuth error where it must.
    /// </summary>
    [Alias("CheckAuthorizationRequest")]
    Task<Outcome<AuthorizationOffer>> CheckAuthorizationRequestAsync(AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// A resource owner ended a consent (33.122 6.5.3.4): tokens of it are void at the AEF, the invoker is told, and so is who subscribed. Idempotent.
    /// </summary>
    [Alias("ConsentRevoked")]
    Task ConsentRevokedAsync(ConsentRevocation revocation, CancellationToken cancellationToken);

    /// <summary>
    /// Decides on a token request (29.222 5.6.2.3): what the token is to say, for <see cref="IAccessTokenGrain"/> to sign. Writes nothing.
    /// </summary>
    [Alias("AuthorizeToken")]
    Task<Outcome<TokenGrant>> AuthorizeTokenAsync(AccessTokenReq request, CancellationToken cancellationToken);
}
