using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Onboarding (33.122 6.1 steps 3 to 5, 29.222 5.5.2.2).</summary>
internal sealed partial class ApiInvokerGrain
{
    private const string KeyAttribute = "onboardingInformation.apiInvokerPublicKey";
    private const string CertificateAttribute = "onboardingInformation.apiInvokerCertificate";

    /// <inheritdoc/>
    public async Task<Outcome<ApiInvokerEnrolmentDetails>> OnboardAsync(OnboardingRequest request, CancellationToken cancellationToken)
    {
        if (_state.State.Pending is not null)
            return AlreadyOnboarded;
        var outcome = await CheckOnboardingAsync(request, cancellationToken);
        if (!outcome.TryGet(out var candidate, out var refusal))
            return refusal;

        // The intent: the serial number is on the disk before anything is signed (both writes share a commit).
        _state.State.Certificate = candidate.Certificate;
        _state.State.ApiRoot = request.ApiRoot;
        var owner = new KeyOwner { Id = ApiInvokerId, IsApiInvoker = true };
        var reserving = GrainFactory.GetGrain<IPublicKeyReservationGrain>(candidate.Key.Sha256Hex).ReserveAsync(owner, cancellationToken);
        await Task.WhenAll(reserving, WriteAsync());
        if ((await reserving).Refusal is { } taken)
        {
            await _state.ClearStateAsync();
            return taken;
        }

        return await EnrolAsync(request, candidate.Key, candidate.Certificate.IsThirdParty, cancellationToken);
    }

    /// <summary>Of what waits for the operator, the serial number is on record already.</summary>
    private CertificateRecord? Reserved => _state.State.Pending is null ? null : _state.State.Certificate;

    private static Refusal AlreadyOnboarded => Refusal.Of(ErrorKind.AlreadyExists, "Invoker already registered", "Identical apiInvokerId");

    /// <summary>Whether an onboarding may be done, and with which certificate: a new one's serial number, or a third party's.</summary>
    private async Task<Outcome<OnboardingCandidate>> CheckOnboardingAsync(OnboardingRequest request, CancellationToken cancellationToken)
    {
        var details = request.Details;
        if (IsOnboarded || _state.State.Offboarding is not null)
            return AlreadyOnboarded;
        if (_profile.MissingFeatures(details.SupportedFeatures) is { } missing)
            return missing;
        if (details.ApiInvokerId is not null)
            return Refusal.OfAttribute("apiInvokerId", "is given by the core function and must be absent", cause: "OPTIONAL_IE_INCORRECT");
        if (!SubjectPublicKey.TryParse(details.OnboardingInformation.ApiInvokerPublicKey, out var key, out var reason))
            return Refusal.OfAttribute(KeyAttribute, reason);
        if (ThirdPartyCertificate(details.OnboardingInformation.ApiInvokerCertificate, key, out var thirdParty) is { } refusal)
            return refusal;
        if (WrongExpiry(Negotiated(details)) is { } wrong)
            return wrong;
        if (await UnmetCriterionAsync(request, cancellationToken) is { } unmet)
            return unmet;
        return new OnboardingCandidate(
            key, thirdParty ?? Reserved ?? new CertificateRecord { SerialNumber = SerialNumber.NewRandom(), PublicKeySha256 = key.Sha256Hex });
    }

    private async Task<Outcome<ApiInvokerEnrolmentDetails>> EnrolAsync(
        OnboardingRequest request, SubjectPublicKey key, bool hasThirdPartyCertificate, CancellationToken cancellationToken)
    {
        var details = request.Details;
        var state = _state.State;
        string? pem = details.OnboardingInformation.ApiInvokerCertificate;
        if (!hasThirdPartyCertificate)
        {
            var issued = _issuer.Issue(CertificateKind.ApiInvoker, ApiInvokerId, key, state.Certificate!.SerialNumber);
            pem = issued.Pem;
            state.Certificate = new CertificateRecord
            {
                SerialNumber = state.Certificate.SerialNumber,
                PublicKeySha256 = key.Sha256Hex,
                Thumbprint = issued.Thumbprint,
                ExpiresAt = issued.ExpiresAt,
            };
        }

        var (allowed, wantsOAuth, failures) = await AllowedApisAsync(details, cancellationToken);
        string? secret = null;
        if (wantsOAuth)
        {
            secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
            state.OnboardSecretSha256 = Hash(secret);
        }

        await RemindOfExpiryAsync(Negotiated(details));
        await AddEventAsync(CapifEvent.ApiInvokerOnboarded, cancellationToken);
        state.EnrolmentUser = request.EnrolmentUser;
        state.Profile = details with
        {
            ApiInvokerId = ApiInvokerId,
            OnboardingInformation = new OnboardingInformation { ApiInvokerPublicKey = details.OnboardingInformation.ApiInvokerPublicKey },
            ApiList = allowed,
            ExpTime = Negotiated(details),
            SupportedFeatures = NotificationFeature.Negotiate(details.SupportedFeatures, Built),
            WebsockNotifConfig = NotificationFeature.Accept(NotificationFeature.Negotiate(details.SupportedFeatures, Built), details.WebsockNotifConfig, null),
            FailureReasons = null,
        };
        var answer = state.Profile with
        {
            FailureReasons = failures,
            OnboardingInformation = state.Profile.OnboardingInformation with { ApiInvokerCertificate = pem, OnboardingSecret = secret },
        };
        if (state.Pending is { } pending)
        {
            // What waited was tested when it came.
            await AddOnboardingNoticeAsync(pending, answer);
            state.Pending = null;
        }
        else
        {
            await AddTestNoticeAsync(details, state.Profile);
        }

        await NotificationFeature.SwitchAsync(GrainFactory, ApiInvokerId, null, state.Profile.WebsockNotifConfig, cancellationToken);
        await WriteAsync();
        await SendNoticesAsync(cancellationToken);
        await PublishPendingAsync(cancellationToken);
        return answer;
    }

    /// <summary>
    /// 33.122 6.1 NOTE 2: the invoker may bring a certificate of an issuer that this core function trusts. Text that is no certificate at all
    /// is not one that it brings.
    /// </summary>
    private Refusal? ThirdPartyCertificate(string? pem, SubjectPublicKey key, out CertificateRecord? record)
    {
        record = null;
        if (pem is null || !pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            return null;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.Key.ExportSubjectPublicKeyInfo()))
                return Refusal.OfAttribute(CertificateAttribute, "is for another key than apiInvokerPublicKey", cause: "OPTIONAL_IE_INCORRECT");
            if (!_issuer.IsTrustedThirdParty(certificate))
                return Refusal.OfAttribute(CertificateAttribute, "is not of an issuer that this core function trusts, or not valid now", ErrorKind.ApiInvokerNotAllowed, "API_INVOKER_NOT_ALLOWED");
            record = new CertificateRecord
            {
                SerialNumber = certificate.SerialNumber,
                Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256),
                ExpiresAt = certificate.NotAfter.ToUniversalTime(),
                PublicKeySha256 = key.Sha256Hex,
                IsThirdParty = true,
            };
            return null;
        }
        catch (CryptographicException)
        {
            return Refusal.OfAttribute(CertificateAttribute, "cannot be read as a PEM certificate", cause: "OPTIONAL_IE_INCORRECT");
        }
    }

    /// <summary>
    /// The service APIs that are allowed: those of the requested ones that are published (29.222 5.5.2.2.2). An Onboard_Secret is wanted if
    /// one of them uses OAuth, or if none were named, since then any may be used later (33.122 6.1 step 4). The others are told as failures with
    /// feature CAPIF_Ext1 (8.4.4.2.2).
    /// </summary>
    private async Task<(ApiList? Allowed, bool WantsOAuth, ImmutableArray<EnrolFailReason>? Failures)> AllowedApisAsync(
        ApiInvokerEnrolmentDetails details, CancellationToken cancellationToken)
    {
        if (details.ApiList is not { ServiceApiDescriptions: { } wanted } requested)
            return (details.ApiList, true, null);
        var discovery = GrainFactory.GetGrain<IDiscoveryGrain>(0);
        var allowed = ImmutableArray.CreateBuilder<ServiceApiDescription>();
        var failed = new List<string>();
        foreach (var one in wanted)
        {
            var published = one.ApiId is { } apiId ? await discovery.FindByIdAsync(apiId, cancellationToken) : null;
            if (published is not null)
                allowed.Add(published.Description);
            else
                failed.Add(one.ApiName);
        }

        var oauth = allowed.SelectMany(api => api.AefProfiles ?? []).Any(profile =>
            (profile.SecurityMethods ?? []).Contains(SecurityMethod.Oauth)
            || (profile.InterfaceDescriptions ?? []).Any(one => (one.SecurityMethods ?? []).Contains(SecurityMethod.Oauth)));
        ImmutableArray<EnrolFailReason>? failures = failed.Count > 0 && details.SupportedFeatures?.Has(CapifExt1) == true
            ? [new EnrolFailReason { ApiName = [.. failed], FailureCode = EnrolFailCause.Unspecified }]
            : null;
        return (allowed.Count == 0 ? null : requested with { ServiceApiDescriptions = allowed.ToImmutable() }, oauth || allowed.Count == 0, failures);
    }

    private static string Hash(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
