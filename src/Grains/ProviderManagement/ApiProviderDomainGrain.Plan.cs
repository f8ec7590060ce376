using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>Registration and update as one plan (29.222 5.11.2.2 and 5.11.2.3).</summary>
internal sealed partial class ApiProviderDomainGrain
{
    private sealed record PlannedFunction(ApiProviderFunctionDetails Details, CallerRole Role, string Id, SubjectPublicKey Key, DomainFunction? Before)
    {
        /// <summary>Whether it needs a certificate: it is new, or has another key.</summary>
        public bool IsNew => Before is null || Before.Certificate.PublicKeySha256 != Key.Sha256Hex;
    }

    private async Task<Outcome<ApiProviderEnrolmentDetails>> ApplyAsync(ApiProviderEnrolmentDetails details, CancellationToken cancellationToken)
    {
        if (Plan(details, out var plan) is { } refusal)
            return refusal;
        if (await ReserveAsync(plan, cancellationToken) is { } taken)
            return taken;

        var leaving = Leaving(plan);
        if (leaving.Count > 0)
            await RemindAsync();
        state.State.Leaving.AddRange(leaving);
        // The intent: serial numbers are on the disk before anything is signed.
        var functions = plan.ConvertAll(one => one.IsNew
            ? new DomainFunction { Id = one.Id, Role = one.Role, Certificate = new CertificateRecord { SerialNumber = SerialNumber.NewRandom(), PublicKeySha256 = one.Key.Sha256Hex } }
            : one.Before!);
        state.State.Functions = functions;
        await state.WriteStateAsync();

        var answered = ImmutableArray.CreateBuilder<ApiProviderFunctionDetails>(plan.Count);
        for (var index = 0; index < plan.Count; index++)
        {
            var (function, pem) = plan[index].IsNew ? Issue(functions[index], plan[index].Key) : (functions[index], null);
            functions[index] = function;
            answered.Add(plan[index].Details with
            {
                ApiProvFuncId = function.Id,
                RegInfo = plan[index].Details.RegInfo with { ApiProvCert = pem },
            });
        }

        return await FinishAsync(details, functions, answered.MoveToImmutable(), cancellationToken);
    }

    private async Task<Outcome<ApiProviderEnrolmentDetails>> FinishAsync(
        ApiProviderEnrolmentDetails details, List<DomainFunction> functions, ImmutableArray<ApiProviderFunctionDetails> answered, CancellationToken cancellationToken)
    {
        var accepted = details with { ApiProvDomId = ApiProvDomId, ApiProvFuncs = answered, SuppFeat = details.SuppFeat?.Intersect(Features), FailReason = null };
        state.State.Details = accepted with
        {
            // The security information has done its duty; the certificates are their holders'.
            RegSec = "",
            ApiProvFuncs = [.. answered.Select(one => one with { RegInfo = one.RegInfo with { ApiProvCert = null } })],
        };
        await state.WriteStateAsync();
        await Task.WhenAll(functions.Select(function => GrainFactory.GetGrain<IProviderFunctionGrain>(function.Id).RecordAsync(
            new ProviderFunctionRecord
            {
                Role = function.Role,
                ApiProvDomId = ApiProvDomId,
                CertificateThumbprint = function.Certificate.Thumbprint,
                CertificateSerialNumber = function.Certificate.SerialNumber,
                CertificateExpiresAt = function.Certificate.ExpiresAt,
            },
            cancellationToken)));
        if (state.State.Leaving.Count > 0)
            TakeApartSoon();
        return accepted;
    }

    private Refusal? Plan(ApiProviderEnrolmentDetails details, out List<PlannedFunction> plan)
    {
        plan = [];
        if (string.IsNullOrEmpty(details.RegSec) && state.State.Details is null)
            return Refusal.OfAttribute("regSec", "must not be empty");
        var given = details.ApiProvFuncs ?? [];
        if (given.Length > MaxFunctions)
            return Refusal.OfAttribute("apiProvFuncs", $"must have at most {MaxFunctions} items", cause: "OPTIONAL_IE_INCORRECT");
        for (var index = 0; index < given.Length; index++)
        {
            if (Plan(given[index], $"apiProvFuncs[{index}]", plan) is { } refusal)
                return refusal;
        }

        // Nobody else could ever update or deregister it.
        return plan.Exists(one => one.Role == CallerRole.Amf)
            ? null
            : Refusal.OfAttribute("apiProvFuncs", "must have a function of role AMF, which manages the registration");
    }

    private Refusal? Plan(ApiProviderFunctionDetails given, string path, List<PlannedFunction> plan)
    {
        if (!SubjectPublicKey.TryParse(given.RegInfo.ApiProvPubKey, out var key, out var reason))
            return Refusal.OfAttribute($"{path}.regInfo.apiProvPubKey", reason);
        if (plan.Exists(one => one.Key.Sha256Hex == key.Sha256Hex))
            return Refusal.OfAttribute($"{path}.regInfo.apiProvPubKey", "is the key of another function of this request");
        var role = given.ApiProvFuncRole switch
        {
            ApiProviderFuncRole.Amf => CallerRole.Amf,
            ApiProviderFuncRole.Apf => CallerRole.Apf,
            _ => CallerRole.Aef,
        };
        DomainFunction? before = null;
        if (given.ApiProvFuncId is { } id)
        {
            before = state.State.Functions.Find(one => one.Id == id);
            if (before is null || plan.Exists(one => one.Id == id))
                return Refusal.OfAttribute($"{path}.apiProvFuncId", "is not a function of this API provider, or named twice", cause: "OPTIONAL_IE_INCORRECT");
            if (before.Role != role)
                return Refusal.OfAttribute($"{path}.apiProvFuncRole", "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        }

        plan.Add(new PlannedFunction(given, role, before?.Id ?? Guid.NewGuid().ToString("N"), key, before));
        return null;
    }

    /// <summary>Each key belongs to one party; what was reserved is free again where one is taken.</summary>
    private async Task<Refusal?> ReserveAsync(List<PlannedFunction> plan, CancellationToken cancellationToken)
    {
        for (var index = 0; index < plan.Count; index++)
        {
            if (!plan[index].IsNew)
                continue;
            var owner = new KeyOwner { Id = plan[index].Id, IsApiInvoker = false };
            var outcome = await GrainFactory.GetGrain<IPublicKeyReservationGrain>(plan[index].Key.Sha256Hex).ReserveAsync(owner, cancellationToken);
            if (outcome.Refusal is not { } taken)
                continue;
            foreach (var earlier in plan.Take(index).Where(one => one.IsNew))
            {
                await GrainFactory.GetGrain<IPublicKeyReservationGrain>(earlier.Key.Sha256Hex)
                    .ReleaseAsync(new KeyOwner { Id = earlier.Id, IsApiInvoker = false }, cancellationToken);
            }

            var attribute = $"apiProvFuncs[{index}].regInfo.apiProvPubKey";
            return taken with { InvalidParams = [InvalidParam.Of(attribute, "is registered already")] };
        }

        return null;
    }

    private List<DomainFunction> Leaving(List<PlannedFunction> plan)
    {
        var gone = state.State.Functions.Where(one => !plan.Exists(planned => planned.Id == one.Id)).ToList();
        gone.AddRange(plan.Where(one => one.Before is not null && one.IsNew).Select(one => new DomainFunction
        {
            Id = one.Id,
            Role = one.Role,
            Certificate = one.Before!.Certificate,
            OnlyCertificate = true,
        }));
        return gone;
    }

    private (DomainFunction Function, string Pem) Issue(DomainFunction function, SubjectPublicKey key)
    {
        var kind = function.Role == CallerRole.Aef ? CertificateKind.Aef : CertificateKind.ApiProviderFunction;
        var issued = issuer.Issue(kind, function.Id, key, function.Certificate.SerialNumber);
        var certificate = new CertificateRecord
        {
            SerialNumber = function.Certificate.SerialNumber,
            PublicKeySha256 = key.Sha256Hex,
            Thumbprint = issued.Thumbprint,
            ExpiresAt = issued.ExpiresAt,
        };
        return (new DomainFunction { Id = function.Id, Role = function.Role, Certificate = certificate }, issued.Pem);
    }
}
