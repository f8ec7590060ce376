using Orleans.Concurrency;

namespace CapifOrleans.Enrolment;

/// <summary>An enrolment account of the operator: who may onboard API invokers and register API providers. The key is the user name.</summary>
[Alias("capif.IEnrolmentUserGrain")]
public interface IEnrolmentUserGrain : IGrainWithStringKey
{
    /// <summary>Creates the account. Refused where it exists, or the password is not strong enough.</summary>
    [Alias("Create")]
    Task<Outcome<EnrolmentUser>> CreateAsync(NewEnrolmentUser user, CancellationToken cancellationToken);

    /// <summary>
    /// Checks a password (off the grain's own turns it is hashed) and counts failures: after some, attempts are refused for a while
    /// (TooMany), whether right or wrong. Refusals do not tell an unknown user from a wrong password, nor by their time.
    /// </summary>
    [Alias("LogIn")]
    Task<Outcome<EnrolmentUser>> LogInAsync(EnrolmentPassword password, CancellationToken cancellationToken);

    /// <summary>The account; null when there is none. A credential of an account that is gone is void.</summary>
    /// <remarks>It interleaves: onboarding must not wait while a log-in of the same user is being hashed.</remarks>
    [Alias("Get"), AlwaysInterleave]
    Task<EnrolmentUser?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Removes the account; its credentials are void from then on. NotFound where there is none, or it is not the one named.</summary>
    /// <param name="uuid">The account meant, lest a new one of the same name is hit; null for whichever it is.</param>
    /// <param name="cancellationToken">Ends the wait, not the removal.</param>
    [Alias("Remove")]
    Task<Outcome> RemoveAsync(string? uuid, CancellationToken cancellationToken);
}

/// <summary>The list of accounts (one, key "users").</summary>
[Alias("capif.IEnrolmentDirectoryGrain")]
public interface IEnrolmentDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Adds a name.</summary>
    [Alias("Add")]
    Task AddAsync(EnrolmentUser user, CancellationToken cancellationToken);

    /// <summary>Removes an account, unless its name belongs to another by now. Idempotent.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string userName, string uuid, CancellationToken cancellationToken);

    /// <summary>The account of this identifier; null when there is none.</summary>
    [Alias("Find")]
    Task<EnrolmentUser?> FindAsync(string uuid, CancellationToken cancellationToken);

    /// <summary>All accounts, by name.</summary>
    [Alias("List")]
    Task<ImmutableArray<EnrolmentUser>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>An account, without its password.</summary>
[GenerateSerializer, Immutable, Alias("capif.EnrolmentUser")]
public sealed record EnrolmentUser
{
    /// <summary>The user name.</summary>
    [Id(0)]
    public required string UserName { get; init; }

    /// <summary>The account's own identifier: a name that is used again later is another account.</summary>
    [Id(1)]
    public required string Uuid { get; init; }

    /// <summary>Whether the user may manage accounts.</summary>
    [Id(2)]
    public bool IsAdministrator { get; init; }

    /// <summary>When it was made.</summary>
    [Id(3)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether each API invoker that the user onboards waits for the operator (29.222 5.5.2.2.2).</summary>
    [Id(4)]
    public bool NeedsApproval { get; init; }
}

/// <summary>An account to be made.</summary>
[GenerateSerializer, Immutable, Alias("capif.NewEnrolmentUser")]
public sealed record NewEnrolmentUser
{
    /// <summary>The password.</summary>
    [Id(0)]
    public required EnrolmentPassword Password { get; init; }

    /// <summary>Whether the user may manage accounts.</summary>
    [Id(1)]
    public bool IsAdministrator { get; init; }

    /// <summary>Whether each API invoker that the user onboards waits for the operator.</summary>
    [Id(2)]
    public bool NeedsApproval { get; init; }
}

/// <summary>A password on its way to be hashed; its text never shows in a log.</summary>
[GenerateSerializer, Immutable, Alias("capif.EnrolmentPassword")]
public sealed record EnrolmentPassword
{
    /// <summary>The password.</summary>
    [Id(0)]
    public required string Text { get; init; }

    /// <summary>Not the password.</summary>
    public override string ToString() => "***";
}
