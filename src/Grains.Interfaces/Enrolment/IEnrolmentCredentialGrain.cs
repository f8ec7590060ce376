namespace CapifOrleans.Enrolment;

/// <summary>
/// Issues and checks enrolment credentials: JWTs for the one purpose of onboarding or registering (33.122 6.1 steps 1 and 4). A stateless
/// worker (always key 0).
/// </summary>
[Alias("capif.IEnrolmentCredentialGrain")]
public interface IEnrolmentCredentialGrain : IGrainWithIntegerKey
{
    /// <summary>Issues a credential to a user who logged in.</summary>
    [Alias("Issue")]
    Task<IssuedCredential> IssueAsync(EnrolmentUser user, CredentialPurpose purpose, CancellationToken cancellationToken);

    /// <summary>
    /// Checks a password (<see cref="IEnrolmentUserGrain.LogInAsync"/>) and issues a credential. Forbidden where the user may not do what
    /// the purpose is for.
    /// </summary>
    [Alias("LogIn")]
    Task<Outcome<IssuedCredential>> LogInAsync(
        string userName, EnrolmentPassword password, CredentialPurpose purpose, CancellationToken cancellationToken);

    /// <summary>
    /// Checks signature, type, audience, times and purpose, and that the account still exists. Every refusal is
    /// <see cref="ErrorKind.Unauthenticated"/> and says what was wrong, never what the credential held.
    /// </summary>
    [Alias("Verify")]
    Task<Outcome<EnrolmentUser>> VerifyAsync(EnrolmentCredential credential, CredentialPurpose purpose, CancellationToken cancellationToken);
}

/// <summary>What a credential may be used for, and nothing else.</summary>
[GenerateSerializer, Alias("capif.CredentialPurpose")]
public enum CredentialPurpose
{
    /// <summary>Onboarding API invokers and registering API providers.</summary>
    Enrolment = 1,

    /// <summary>Managing enrolment accounts.</summary>
    AccountAdministration = 2,
}

/// <summary>A credential as it was presented; its text never shows in a log.</summary>
[GenerateSerializer, Immutable, Alias("capif.EnrolmentCredential")]
public sealed record EnrolmentCredential
{
    /// <summary>The JWT.</summary>
    [Id(0)]
    public required string Text { get; init; }

    /// <summary>Not the credential.</summary>
    public override string ToString() => "***";
}

/// <summary>A credential as it was issued.</summary>
[GenerateSerializer, Immutable, Alias("capif.IssuedCredential")]
public sealed record IssuedCredential
{
    /// <summary>The credential.</summary>
    [Id(0)]
    public required EnrolmentCredential Credential { get; init; }

    /// <summary>When it expires.</summary>
    [Id(1)]
    public required DateTimeOffset ExpiresAt { get; init; }
}
