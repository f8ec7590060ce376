using CapifOrleans.Grains.Pki;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>A function as a registration wants it.</summary>
/// <param name="Details">As it was given.</param>
/// <param name="Role">Its role.</param>
/// <param name="Id">Its identifier, given now where it is new.</param>
/// <param name="Key">Its public key.</param>
/// <param name="Before">The function that it is already; null where it is new.</param>
internal sealed record PlannedFunction(ApiProviderFunctionDetails Details, CallerRole Role, string Id, SubjectPublicKey Key, DomainFunction? Before)
{
    /// <summary>Whether it needs a certificate: it is new, or has another key.</summary>
    public bool NeedsCertificate => Before is null || Before.Certificate.PublicKeySha256 != Key.Sha256Hex;
}

/// <summary>What a registration or an update makes of a domain (29.222 5.11.2.2 and 5.11.2.3), checked as a whole before anything is done.</summary>
internal sealed class RegistrationPlan
{
    /// <summary>Feature RNAA: apiProvName (29.222 8.9.4.2.2).</summary>
    public const int Rnaa = 2;

    /// <summary>The most functions of a domain.</summary>
    public const int MaxFunctions = 64;

    private readonly List<PlannedFunction> _functions = [];
    private readonly IReadOnlyList<DomainFunction> _before;

    private RegistrationPlan(IReadOnlyList<DomainFunction> before) => _before = before;

    /// <summary>The functions, in the order of the request.</summary>
    public IReadOnlyList<PlannedFunction> Functions => _functions;

    /// <summary>Makes the plan; a refusal names the attribute at fault.</summary>
    /// <param name="details">The registration as it is wanted.</param>
    /// <param name="before">The domain's functions; empty for a new domain.</param>
    /// <param name="plan">The plan; incomplete where it is refused.</param>
    public static Refusal? Make(ApiProviderEnrolmentDetails details, IReadOnlyList<DomainFunction> before, out RegistrationPlan plan)
    {
        plan = new RegistrationPlan(before);
        if (details.SuppFeat is not { } features)
        {
            return new Refusal
            {
                Kind = ErrorKind.InvalidRequest,
                Detail = "suppFeat not present in request",
                Cause = "suppFeat not present",
                InvalidParams = [InvalidParam.Of("suppFeat", "is missing")],
            };
        }

        if (details.ApiProvName is not null && !features.Has(Rnaa))
            return Refusal.OfAttribute("apiProvName", $"needs feature {Rnaa} RNAA in suppFeat", cause: "OPTIONAL_IE_INCORRECT");
        var given = details.ApiProvFuncs ?? [];
        if (given.Length > MaxFunctions)
            return Refusal.OfAttribute("apiProvFuncs", $"must have at most {MaxFunctions} items", cause: "OPTIONAL_IE_INCORRECT");
        for (var index = 0; index < given.Length; index++)
        {
            if (plan.Add(given[index], $"apiProvFuncs[{index}]") is { } refusal)
                return refusal;
        }

        // Nobody else could ever update or deregister it.
        return plan._functions.Exists(one => one.Role == CallerRole.Amf)
            ? null
            : Refusal.OfAttribute("apiProvFuncs", "must have a function of role AMF, which manages the registration");
    }

    /// <summary>What leaves: functions that are not part of it any more, and certificates of functions that have another key.</summary>
    public IEnumerable<DomainFunction> Leaving()
    {
        foreach (var one in _before.Where(one => !_functions.Exists(planned => planned.Id == one.Id)))
            yield return one;
        foreach (var one in _functions.Where(one => one is { Before: not null, NeedsCertificate: true }))
        {
            yield return new DomainFunction { Id = one.Id, Role = one.Role, Certificate = one.Before!.Certificate, OnlyCertificate = true };
        }
    }

    private static CallerRole RoleOf(ApiProviderFuncRole role) => role switch
    {
        ApiProviderFuncRole.Amf => CallerRole.Amf,
        ApiProviderFuncRole.Apf => CallerRole.Apf,
        _ => CallerRole.Aef,
    };

    private Refusal? Add(ApiProviderFunctionDetails given, string path)
    {
        if (!SubjectPublicKey.TryParse(given.RegInfo.ApiProvPubKey, out var key, out var reason))
            return Refusal.OfAttribute($"{path}.regInfo.apiProvPubKey", reason);
        if (_functions.Exists(one => one.Key.Sha256Hex == key.Sha256Hex))
            return Refusal.OfAttribute($"{path}.regInfo.apiProvPubKey", "is the key of another function of this request");
        var role = RoleOf(given.ApiProvFuncRole);
        if (given.ApiProvFuncId is not { } id)
        {
            // A function without identifier that has the key of one of ours is that one: the same request twice changes nothing.
            var same = _before.FirstOrDefault(one => one.Role == role && one.Certificate.PublicKeySha256 == key.Sha256Hex);
            _functions.Add(new PlannedFunction(given, role, same?.Id ?? Guid.NewGuid().ToString("N"), key, same));
            return null;
        }

        if (_before.FirstOrDefault(one => one.Id == id) is not { } before)
            return Refusal.OfAttribute($"{path}.apiProvFuncId", "is not a function of this API provider", cause: "OPTIONAL_IE_INCORRECT");
        if (_functions.Exists(one => one.Id == id))
            return Refusal.OfAttribute($"{path}.apiProvFuncId", "is given twice", cause: "OPTIONAL_IE_INCORRECT");
        if (before.Role != role)
            return Refusal.OfAttribute($"{path}.apiProvFuncRole", "cannot be changed", ErrorKind.ModificationNotAllowed, "MODIFICATION_NOT_ALLOWED");
        _functions.Add(new PlannedFunction(given, role, id, key, before));
        return null;
    }
}
