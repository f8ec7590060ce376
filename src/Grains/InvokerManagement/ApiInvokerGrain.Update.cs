using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Update of an API invoker's details (29.222 5.5.2.5).</summary>
internal sealed partial class ApiInvokerGrain
{
    // What a merge patch may change (29.222 8.4.4.2.12).
    private static readonly string[] Patchable = ["onboardingInformation", "notificationDestination", "apiList", "apiInvokerInformation"];

    /// <inheritdoc/>
    public Task<Outcome<ApiInvokerEnrolmentDetails>> UpdateAsync(ApiInvokerEnrolmentDetails details, CancellationToken cancellationToken) =>
        UpdateAsync(details, null, isTested: true, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome<ApiInvokerEnrolmentDetails>> PatchAsync(ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (!ApplyPatch(patch).TryGet(out var patched, out var refusal))
            return refusal;
        // The test was asked for when it was onboarded, or by a PUT.
        return await UpdateAsync(patched, null, isTested: false, cancellationToken);
    }

    private Refusal? CheckUpdate(ApiInvokerEnrolmentDetails details, out SubjectPublicKey? otherKey)
    {
        otherKey = null;
        if (!IsOnboarded)
            return NotOnboarded;
        return _profile.MissingFeatures(details.SupportedFeatures) ?? Unchangeable(details, out otherKey) ?? WrongExpiry(Negotiated(details)) ?? NotificationFeature.Check(
            NotificationFeature.Negotiate(details.SupportedFeatures, Built), details.WebsockNotifConfig, _state.State.Profile!.WebsockNotifConfig);
    }

    private async Task<Outcome<ApiInvokerEnrolmentDetails>> UpdateAsync(
        ApiInvokerEnrolmentDetails details, PendingEnrolmentState? approved, bool isTested, CancellationToken cancellationToken)
    {
        if (CheckUpdate(details, out var otherKey) is { } refusal)
            return refusal;
        if (otherKey is not null && await TakeKeyAsync(otherKey, cancellationToken) is { } taken)
            return taken;
        var rekeyed = otherKey is null ? null : Certify(otherKey);
        var before = _state.State.Profile!;
        var (allowed, _, failures) = await AllowedApisAsync(details, cancellationToken);
        var features = NotificationFeature.Negotiate(details.SupportedFeatures, Built);
        var after = details with
        {
            ApiInvokerId = ApiInvokerId,
            OnboardingInformation = rekeyed is null
                ? before.OnboardingInformation
                : before.OnboardingInformation with { ApiInvokerPublicKey = details.OnboardingInformation.ApiInvokerPublicKey },
            ApiList = allowed,
            ExpTime = Negotiated(details),
            SupportedFeatures = features,
            WebsockNotifConfig = NotificationFeature.Accept(features, details.WebsockNotifConfig, before.WebsockNotifConfig),
            FailureReasons = null,
        };
        var answer = after with { FailureReasons = failures };
        if (rekeyed is not null)
            answer = answer with { OnboardingInformation = answer.OnboardingInformation with { ApiInvokerCertificate = rekeyed.Pem } };
        await NotificationFeature.SwitchAsync(GrainFactory, ApiInvokerId, null, after.WebsockNotifConfig, cancellationToken);
        await RemindOfExpiryAsync(Negotiated(details));
        await AddEventAsync(CapifEvent.ApiInvokerUpdated, cancellationToken);
        if (approved is not null)
            await AddOnboardingNoticeAsync(approved, answer);
        if (isTested)
            await AddTestNoticeAsync(details, after);
        _state.State.Profile = after;
        if (rekeyed is not null)
            ReplaceCertificate(otherKey!, rekeyed);
        // One that waits and is not this one is older: its place is taken.
        _state.State.Pending = null;
        await WriteAsync();
        await NotificationFeature.SwitchAsync(GrainFactory, ApiInvokerId, before.WebsockNotifConfig, after.WebsockNotifConfig, cancellationToken);
        await SendNoticesAsync(cancellationToken);
        await PublishPendingAsync(cancellationToken);
        await SettleKeysAsync(cancellationToken);
        return answer;
    }

    private Outcome<ApiInvokerEnrolmentDetails> ApplyPatch(ImmutableArray<byte> patch)
    {
        if (!IsOnboarded)
            return NotOnboarded;
        if (_state.State.Profile!.SupportedFeatures?.Has(PatchUpdate) != true && !_profile.PatchesWithoutFeature)
            return Refusal.Of(ErrorKind.Forbidden, "Feature PatchUpdate was not negotiated for this API invoker.", "FEATURE_NOT_NEGOTIATED");
        if (!MergePatch.TryApply(_state.State.Profile, patch.AsMemory(), out var patched, out var touched, out var refusal))
            return refusal;
        if (touched.FirstOrDefault(name => !IsPatchable(name)) is { } forbidden)
            return Refusal.OfAttribute(forbidden, "cannot be patched", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        return patched;
    }

    private bool IsPatchable(string attribute) => attribute == ExpTimeAttribute
        ? _state.State.Profile!.SupportedFeatures?.Has(ExpirationTime) == true
        : Patchable.Contains(attribute) || VendorSpecificAttributes.IsName(attribute);

    /// <summary>29.222 5.5.2.5.2: identifier, key, certificate and secret stay as they are. Absent, or the same, is no change.</summary>
    /// <param name="details">The update.</param>
    /// <param name="otherKey">Another key that it brings, where a profile allows that.</param>
    private Refusal? Unchangeable(ApiInvokerEnrolmentDetails details, out SubjectPublicKey? otherKey)
    {
        otherKey = null;
        if (details.ApiInvokerId is { } id && id != ApiInvokerId)
            return Changed("apiInvokerId");
        var given = details.OnboardingInformation;
        if (!SubjectPublicKey.TryParse(given.ApiInvokerPublicKey, out var key, out var reason))
            return Refusal.OfAttribute(KeyAttribute, reason);
        if (key.Sha256Hex != _state.State.Certificate!.PublicKeySha256)
        {
            if (!_profile.AllowsNewInvokerKey)
                return Changed(KeyAttribute);
            otherKey = key;
        }

        if (_profile.IgnoresInvokerSecret)
            return null;
        if (given.OnboardingSecret is { } secret && !IsOnboardSecret(secret))
            return Changed("onboardingInformation.onboardingSecret");
        return given.ApiInvokerCertificate is { } pem && !IsOwnCertificate(pem) ? Changed(CertificateAttribute) : null;
    }

    private bool IsOwnCertificate(string pem)
    {
        if (!pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            return true;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.GetCertHashString(HashAlgorithmName.SHA256) == _state.State.Certificate!.Thumbprint;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private bool IsOnboardSecret(string secret) => _state.State.OnboardSecretSha256 is { } known
        && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(known), Convert.FromHexString(Hash(secret)));

    private static Refusal Changed(string attribute) =>
        Refusal.OfAttribute(attribute, "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
}
