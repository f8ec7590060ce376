using System.Collections.Immutable;
using CapifOrleans.AccessControl;
using CapifOrleans.Enrolment;
using CapifOrleans.Logging;

namespace CapifOrleans.Silo.Administration;

/// <summary>
/// What the operator's commands do to a core function: to the running one through its control socket (<see cref="Control.ControlClient"/>), or
/// to the data folder itself when none runs (<see cref="GrainAdministration"/>).
/// </summary>
internal partial interface IAdministration
{
    /// <summary>Makes an enrolment account.</summary>
    Task<Outcome<EnrolmentUser>> AddUserAsync(NewUser user, CancellationToken cancellationToken);

    /// <summary>All enrolment accounts, by name.</summary>
    Task<ImmutableArray<EnrolmentUser>> ListUsersAsync(CancellationToken cancellationToken);

    /// <summary>Removes an enrolment account.</summary>
    Task<Outcome> RemoveUserAsync(string userName, CancellationToken cancellationToken);

    /// <summary>Sets an access control policy.</summary>
    Task<Outcome> SetPolicyAsync(PolicySetting setting, CancellationToken cancellationToken);

    /// <summary>The access control policies of a service API.</summary>
    Task<Outcome<PolicyReport>> ListPoliciesAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>Takes an access control policy back that was set.</summary>
    Task<Outcome> RemovePolicyAsync(PolicySubject subject, CancellationToken cancellationToken);

    /// <summary>Sets how long invocation logs of a service API are kept, in hours; null for without end.</summary>
    Task<Outcome> SetRetentionAsync(InvocationLogRetention retention, CancellationToken cancellationToken);

    /// <summary>How long invocation logs are kept.</summary>
    Task<ImmutableArray<InvocationLogRetention>> ListRetentionsAsync(CancellationToken cancellationToken);

    /// <summary>Takes back what was set for a service API.</summary>
    Task<Outcome> RemoveRetentionAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>Issues a certificate by hand.</summary>
    Task<Outcome<SignedCertificate>> IssueAsync(CertificateOrder order, CancellationToken cancellationToken);
}

/// <summary>An account to be made.</summary>
internal sealed record NewUser
{
    /// <summary>The name.</summary>
    public required string UserName { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <summary>Whether the user may manage accounts.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>Whether each API invoker that the user onboards waits for the operator.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Not the password.</summary>
    public override string ToString() => UserName;
}

/// <summary>A certificate that the operator wants.</summary>
internal sealed record CertificateOrder
{
    /// <summary>The certificate signing request (PKCS #10), as PEM.</summary>
    public required string Csr { get; init; }

    /// <summary>What its holder is.</summary>
    public required string Role { get; init; }

    /// <summary>The common name of an administrator; null for the role's name.</summary>
    public string? CommonName { get; init; }

    /// <summary>DNS names and addresses of a server.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}

/// <summary>A certificate that was issued.</summary>
internal sealed record SignedCertificate
{
    /// <summary>The certificate, then its chain, as PEM.</summary>
    public required string Pem { get; init; }
}
