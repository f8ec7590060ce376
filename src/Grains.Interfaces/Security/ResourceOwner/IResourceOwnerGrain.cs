using CapifOrleans.Enrolment;
using Orleans.Concurrency;

namespace CapifOrleans.Security;

/// <summary>
/// A resource owner (23.222 8.31, 33.122 6.5.3): an account that the operator made, and what its owner consented to. The key is the GPSI.
/// </summary>
[Alias("capif.IResourceOwnerGrain")]
public interface IResourceOwnerGrain : IGrainWithStringKey
{
    /// <summary>Makes the account. Refused where it exists, the key is no GPSI, or the password is not strong enough.</summary>
    [Alias("Create")]
    Task<Outcome<ResourceOwnerAccount>> CreateAsync(EnrolmentPassword password, CancellationToken cancellationToken);

    /// <summary>Removes the account: every consent ends as by <see cref="RevokeAsync"/>. NotFound where there is none.</summary>
    [Alias("Remove")]
    Task<Outcome> RemoveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The resource owner allows what an API invoker asks for: the consent is recorded, and a code made that the invoker gets a token with
    /// (RFC 6749 4.1.2). Both are durable when it returns. Refused: a wrong password, as <see cref="IEnrolmentUserGrain.LogInAsync"/> does, and
    /// what <see cref="InvokerManagement.IApiInvokerGrain.CheckAuthorizationRequestAsync"/> refuses.
    /// </summary>
    [Alias("Authorize")]
    Task<Outcome<AuthorizationCode>> AuthorizeAsync(EnrolmentPassword password, AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>Whether the owner's consent covers all of these now. It interleaves: a token must not wait for a password that is being hashed.</summary>
    [Alias("HasConsented"), AlwaysInterleave]
    Task<bool> HasConsentedAsync(string apiInvokerId, ImmutableArray<ConsentedApi> apis, CancellationToken cancellationToken);

    /// <summary>Checks the password and opens a session in which the owner sees and revokes consents. It ends after ten minutes, or a restart.</summary>
    [Alias("SignIn")]
    Task<Outcome<ResourceOwnerSession>> SignInAsync(EnrolmentPassword password, CancellationToken cancellationToken);

    /// <summary>The consents, newest first; Unauthenticated where the session is over.</summary>
    [Alias("GetConsents")]
    Task<Outcome<ConsentList>> GetConsentsAsync(string ticket, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a consent (33.122 6.5.3.4): when it returns, no more tokens are issued by it and that is durable; the AEF and the invoker are told
    /// and tokens that are out are made void, over restarts until done. A consent that is gone already is no fault.
    /// </summary>
    [Alias("Revoke")]
    Task<Outcome> RevokeAsync(string ticket, string consentId, CancellationToken cancellationToken);
}

/// <summary>The list of resource owners (one, key "owners").</summary>
[Alias("capif.IResourceOwnerDirectoryGrain")]
public interface IResourceOwnerDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Adds one. Idempotent.</summary>
    [Alias("Add")]
    Task AddAsync(ResourceOwnerAccount account, CancellationToken cancellationToken);

    /// <summary>Removes one. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string gpsi, CancellationToken cancellationToken);

    /// <summary>All of them, by GPSI.</summary>
    [Alias("List")]
    Task<ImmutableArray<ResourceOwnerAccount>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A resource owner's account, without its password.</summary>
[GenerateSerializer, Immutable, Alias("capif.ResourceOwnerAccount")]
public sealed partial record ResourceOwnerAccount
{
    private const int MostGpsiLength = 254;

    /// <summary>The owner: <c>msisdn-…</c> or <c>extid-…@…</c> (29.571 Gpsi).</summary>
    [Id(0)]
    public required string Gpsi { get; init; }

    /// <summary>When it was made.</summary>
    [Id(1)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Whether it can be the name of a resource owner: an MSISDN or an external identifier (29.571 Gpsi, 23.003 19.7.2). What cannot must not
    /// become a grain's key.
    /// </summary>
    public static bool IsGpsi(string text) => text.Length <= MostGpsiLength && GpsiPattern().IsMatch(text);

    [System.Text.RegularExpressions.GeneratedRegex(
        @"\A(?:msisdn-[0-9]{5,15}|extid-[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)\z", System.Text.RegularExpressions.RegexOptions.CultureInvariant)]
    private static partial System.Text.RegularExpressions.Regex GpsiPattern();
}

/// <summary>An open session of a resource owner.</summary>
[GenerateSerializer, Immutable, Alias("capif.ResourceOwnerSession")]
public sealed record ResourceOwnerSession
{
    /// <summary>What proves the session; a secret.</summary>
    [Id(0)]
    public required string Ticket { get; init; }

    /// <summary>Not the ticket.</summary>
    public override string ToString() => nameof(ResourceOwnerSession);
}
