using System.Collections.Immutable;
using CapifOrleans.AccessControl;
using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Logging;
using CapifOrleans.Pki;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Administration;

/// <summary>Administration by the grains and the certification authority themselves.</summary>
internal sealed partial class GrainAdministration(
    IClusterClient grains, ICertificateIssuer issuer, ITokenSigningKeys tokenKeys, ITokenKeyChanges keyChanges, PkiOptions pki, TimeProvider time)
    : IAdministration
{
    /// <summary>The role of a TLS server: an AEF's own listener, a notification endpoint.</summary>
    public const string ServerRole = "server";

    /// <summary>The role of the operator's administrator on the core listener.</summary>
    public const string SuperadminRole = "superadmin";

    private const int MostCommonNameLength = 64;

    /// <inheritdoc/>
    public Task<Outcome<EnrolmentUser>> AddUserAsync(NewUser user, CancellationToken cancellationToken)
    {
        var account = new NewEnrolmentUser
        {
            Password = new EnrolmentPassword { Text = user.Password },
            IsAdministrator = user.IsAdministrator,
            NeedsApproval = user.NeedsApproval,
        };
        return grains.GetGrain<IEnrolmentUserGrain>(user.UserName).CreateAsync(account, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<EnrolmentUser>> ListUsersAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IEnrolmentDirectoryGrain>("users").ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemoveUserAsync(string userName, CancellationToken cancellationToken) =>
        grains.GetGrain<IEnrolmentUserGrain>(userName).RemoveAsync(uuid: null, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetPolicyAsync(PolicySetting setting, CancellationToken cancellationToken) => AccessControl.SetAsync(setting, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<PolicyReport>> ListPoliciesAsync(string apiId, CancellationToken cancellationToken) =>
        AccessControl.ListAsync(apiId, null, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemovePolicyAsync(PolicySubject subject, CancellationToken cancellationToken) =>
        AccessControl.RemoveAsync(subject, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetRetentionAsync(InvocationLogRetention retention, CancellationToken cancellationToken) =>
        Retention.SetAsync(retention.ApiId ?? "", retention.Hours, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<InvocationLogRetention>> ListRetentionsAsync(CancellationToken cancellationToken) => Retention.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemoveRetentionAsync(string apiId, CancellationToken cancellationToken) => Retention.RemoveAsync(apiId, cancellationToken);

    private IInvocationLogRetentionGrain Retention => grains.GetGrain<IInvocationLogRetentionGrain>("retention");

    private IAccessControlGrain AccessControl => grains.GetGrain<IAccessControlGrain>(0);

    /// <inheritdoc/>
    public async Task<Outcome<SignedCertificate>> IssueAsync(CertificateOrder order, CancellationToken cancellationToken)
    {
        if (!SubjectPublicKey.TryParse(order.Csr, out var key, out var reason))
            return Refusal.OfAttribute("csr", reason);
        var serialNumber = SerialNumber.NewRandom();
        switch (order.Role)
        {
            case ServerRole:
                IReadOnlyList<string> hosts = order.Hosts.Count > 0 ? order.Hosts : order.CommonName is { } name ? [name] : [];
                if (hosts.Count == 0)
                    return Refusal.OfAttribute("host", "is missing: a server's certificate names its DNS names or addresses");
                string? fault = SettingParsers.Hosts(hosts, parsed => hosts = parsed);
                return fault is null
                    ? new SignedCertificate { Pem = issuer.IssueServer(hosts, key.Key, serialNumber).Pem }
                    : Refusal.OfAttribute("host", fault);
            case SuperadminRole:
                return await IssueSuperadminAsync(order.CommonName ?? SuperadminRole, key, serialNumber, cancellationToken);
            default:
                return Refusal.OfAttribute("role", $"must be {ServerRole} or {SuperadminRole}; parties of CAPIF get theirs by onboarding or registration");
        }
    }

    private async Task<Outcome<SignedCertificate>> IssueSuperadminAsync(
        string commonName, SubjectPublicKey key, string serialNumber, CancellationToken cancellationToken)
    {
        if (commonName.Length is 0 or > MostCommonNameLength || !commonName.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'))
            return Refusal.OfAttribute("cn", $"must be 1 to {MostCommonNameLength} of A-Z, a-z, 0-9, '.', '_', '-'");
        var record = new OperatorCertificate
        {
            SerialNumber = serialNumber,
            CommonName = commonName,
            Role = CallerRole.Superadmin,
            ExpiresAt = time.GetUtcNow() + pki.LeafValidity,
        };
        // On record before it exists: the core listener knows every such certificate that is in the world.
        await grains.GetGrain<ICertificateAuthorityGrain>("issuing").RecordOperatorCertificateAsync(record, cancellationToken);
        return new SignedCertificate { Pem = issuer.Issue(CertificateKind.Superadmin, commonName, key, serialNumber).Pem };
    }
}
