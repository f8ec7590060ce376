using CapifOrleans.Compatibility;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Storage;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>
/// An API provider domain. A registration or an update is one plan, made in memory and checked as a whole; its serial numbers are written,
/// certificates are signed, keys reserved, and one write makes it so. What leaves the domain is taken apart by steps.
/// </summary>
[GrainType("api-provider-domain")]
internal sealed partial class ApiProviderDomainGrain(
    [PersistentState("domain", GrainStorage.Name)] IPersistentState<ApiProviderDomainState> state,
    ICertificateIssuer issuer, IProcedureObserver procedures, CompatibilityProfile profile, TimeProvider time)
    : Grain, IApiProviderDomainGrain, IRemindable
{
    // 1 PatchUpdate, 2 RNAA (29.222 8.9.6).
    private static readonly SupportedFeatures Features = SupportedFeatures.Of(1, RegistrationPlan.Rnaa);
    private static readonly Refusal Unknown = Refusal.NotFound("Please provide an existing API Provider ID", "API Provider ID does not exist");

    private string ApiProvDomId => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State.Leaving.Count > 0 || state.State.Incoming.Count > 0)
            SettleSoon();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Outcome<ApiProviderEnrolmentDetails>> RegisterAsync(ProviderRegistrationRequest request, CancellationToken cancellationToken)
    {
        if (state.State.Details is not null)
            return Refusal.Of(ErrorKind.AlreadyExists, "Provider already registered", "Identical apiProvDomId");
        if (request.Details.ApiProvDomId is not null)
            return Refusal.OfAttribute("apiProvDomId", "is given by the core function and must be absent", cause: "OPTIONAL_IE_INCORRECT");
        // 29.222 5.11.2.2.2: it is what the core function validates the registration by; here the enrolment credential did that already.
        if (request.Details.RegSec.Length == 0)
            return Refusal.OfAttribute("regSec", "must not be empty");
        var given = request.Details.ApiProvFuncs ?? [];
        for (var index = 0; index < given.Length; index++)
        {
            if (given[index].ApiProvFuncId is not null)
                return Refusal.OfAttribute($"apiProvFuncs[{index}].apiProvFuncId", "is given by the core function and must be absent", cause: "OPTIONAL_IE_INCORRECT");
        }

        state.State.EnrolmentUser = request.EnrolmentUser;
        return await ApplyAsync(request.Details, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ApiProviderEnrolmentDetails>> UpdateAsync(
        CallerIdentity caller, ApiProviderEnrolmentDetails details, CancellationToken cancellationToken)
    {
        if (state.State.Details is null)
            return Unknown;
        if (details.ApiProvDomId is { } id && id != ApiProvDomId)
            return Refusal.OfAttribute("apiProvDomId", "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        return await ApplyAsync(details, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ApiProviderEnrolmentDetails>> PatchAsync(CallerIdentity caller, ImmutableArray<byte> patch, CancellationToken cancellationToken)
    {
        if (state.State.Details is not { } before)
            return Unknown;
        if (before.SuppFeat?.Has(1) != true && !profile.PatchesWithoutFeature)
            return Refusal.Of(ErrorKind.Forbidden, "Feature PatchUpdate was not negotiated for this API provider.", "FEATURE_NOT_NEGOTIATED");
        if (!Json.MergePatch.TryApply(before, patch.AsMemory(), out var patched, out var touched, out var refusal))
            return refusal;
        // APIProviderEnrolmentDetailsPatch (29.222 8.9.4.2.5).
        return touched.FirstOrDefault(name => name is not ("apiProvFuncs" or "apiProvDomInfo") && !Json.VendorSpecificAttributes.IsName(name)) is { } forbidden
            ? Refusal.OfAttribute(forbidden, "cannot be patched", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED")
            : await UpdateAsync(caller, patched, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome> DeregisterAsync(CallerIdentity caller, CancellationToken cancellationToken)
    {
        if (state.State.Details is null)
            return Unknown;
        await RemindAsync();
        // One write: the registration is gone, its functions are to be taken apart.
        state.State.Details = null;
        state.State.Leaving.AddRange(state.State.Functions);
        state.State.Functions = [];
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "RegistrationRemoved");
        // The answer waits until its certificates, service APIs and connections are gone; the rest needs nobody to wait.
        SettleSoon();
        await WithdrawAsync(cancellationToken);
        return Outcome.Done;
    }
}
