using CapifOrleans.Enrolment;

namespace CapifOrleans.Grains.Enrolment;

/// <inheritdoc cref="IEnrolmentCredentialGrain"/>
// Reentrant: it has no state, and a check must not wait for a log-in whose password is being hashed.
[GrainType("enrolmentcredential"), StatelessWorker, Reentrant]
internal sealed class EnrolmentCredentialGrain(EnrolmentCredentials credentials) : Grain, IEnrolmentCredentialGrain
{
    private static readonly Refusal NotAnAdministrator =
        Refusal.Of(ErrorKind.Forbidden, "The user is no administrator.", "NOT_AN_ADMINISTRATOR");

    private static readonly Refusal NoSuchUser =
        Refusal.Of(ErrorKind.Unauthenticated, "User name or password is wrong.", "LOG_IN_FAILED");

    /// <inheritdoc/>
    public Task<IssuedCredential> IssueAsync(EnrolmentUser user, CredentialPurpose purpose, CancellationToken cancellationToken) =>
        Task.FromResult(credentials.Issue(user, purpose));

    /// <inheritdoc/>
    public async Task<Outcome<IssuedCredential>> LogInAsync(
        string userName, EnrolmentPassword password, CredentialPurpose purpose, CancellationToken cancellationToken)
    {
        // What cannot be a name must not become a grain's key.
        if (!AccountRules.IsName(userName))
            return NoSuchUser;
        var outcome = await GrainFactory.GetGrain<IEnrolmentUserGrain>(userName).LogInAsync(password, cancellationToken);
        if (!outcome.TryGet(out var user, out var refusal))
            return refusal;
        if (purpose == CredentialPurpose.AccountAdministration && !user.IsAdministrator)
            return NotAnAdministrator;
        return credentials.Issue(user, purpose);
    }

    /// <inheritdoc/>
    public async Task<Outcome<EnrolmentUser>> VerifyAsync(
        EnrolmentCredential credential, CredentialPurpose purpose, CancellationToken cancellationToken)
    {
        var outcome = credentials.Read(credential, purpose);
        if (!outcome.TryGet(out var claims, out var refusal))
            return refusal;
        var user = await GrainFactory.GetGrain<IEnrolmentUserGrain>(claims.Subject).GetAsync(cancellationToken);
        return user is not null && user.Uuid == claims.Uuid ? user : EnrolmentCredentials.AccountGone;
    }
}
