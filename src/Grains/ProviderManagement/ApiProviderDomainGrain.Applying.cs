using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>
/// Registration and update. One write commits: before it everything can be taken back, and is, by the reminder if need be; after it
/// everything is brought to its end. No certificate leaves before the commit.
/// </summary>
internal sealed partial class ApiProviderDomainGrain
{
    private async Task<Outcome<ApiProviderEnrolmentDetails>> ApplyAsync(ApiProviderEnrolmentDetails details, CancellationToken cancellationToken)
    {
        if (RegistrationPlan.Make(details, state.State.Functions, out var plan) is { } refusal)
            return refusal;
        try
        {
            await RemindAsync();
            var incoming = await IntendAsync(plan);
            if (await ReserveAsync(plan, incoming, cancellationToken) is { } taken)
            {
                await TakeBackAsync(cancellationToken);
                await this.EndReminderAsync(Procedure);
                return taken;
            }

            return await CommitAsync(details, plan, incoming, cancellationToken);
        }
        catch
        {
            // Nobody knows what is stored: the next activation reads it, and the reminder goes on from there.
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Serial numbers and keys go to the disk before anything is signed or reserved.</summary>
    private async Task<List<DomainFunction>> IntendAsync(RegistrationPlan plan)
    {
        var keys = plan.Functions.Where(one => one.NeedsCertificate).ToList();
        if (keys.Count == 0)
            return [];
        state.State.Incoming = keys.ConvertAll(one => new DomainFunction
        {
            Id = one.Id,
            Role = one.Role,
            Certificate = new CertificateRecord { SerialNumber = SerialNumber.NewRandom(), PublicKeySha256 = one.Key.Sha256Hex },
        });
        await state.WriteStateAsync();
        return keys.Zip(state.State.Incoming, (planned, intended) => Issue(intended, planned.Key)).ToList();
    }

    /// <summary>
    /// Each key belongs to one party. New functions are recorded before their keys are reserved: who reserves sees that the holder exists,
    /// so that of two who want one key at a time only one gets it.
    /// </summary>
    private async Task<Refusal?> ReserveAsync(RegistrationPlan plan, List<DomainFunction> incoming, CancellationToken cancellationToken)
    {
        await RecordAsync(incoming.Where(one => !state.State.Functions.Exists(before => before.Id == one.Id)), cancellationToken);
        foreach (var function in incoming)
        {
            var outcome = await Reservation(function).ReserveAsync(Owner(function), cancellationToken);
            if (outcome.Refusal is not { } taken)
                continue;
            var index = plan.Functions.ToList().FindIndex(one => one.Id == function.Id);
            return taken with { InvalidParams = [InvalidParam.Of($"apiProvFuncs[{index}].regInfo.apiProvPubKey", "is registered already")] };
        }

        return null;
    }

    private async Task<ApiProviderEnrolmentDetails> CommitAsync(
        ApiProviderEnrolmentDetails details, RegistrationPlan plan, List<DomainFunction> incoming, CancellationToken cancellationToken)
    {
        var functions = plan.Functions.Select(one => incoming.Find(its => its.Id == one.Id) ?? one.Before!).ToList();
        var accepted = details with
        {
            ApiProvDomId = ApiProvDomId,
            SuppFeat = details.SuppFeat?.Intersect(Features),
            FailReason = null,
            ApiProvFuncs = [.. plan.Functions.Zip(functions, Describe)],
        };
        state.State.Leaving.AddRange(plan.Leaving());
        state.State.Functions = functions;
        state.State.Incoming = [];
        // The security information has done its duty; it is neither kept nor logged.
        state.State.Details = accepted with { RegSec = "" };
        await state.WriteStateAsync();
        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "Committed");

        await RecordAsync(incoming, cancellationToken);
        if (state.State.Leaving.Count > 0)
            SettleSoon();
        else
            await this.EndReminderAsync(Procedure);
        return accepted;
    }

    /// <summary>Before the commit: the keys are free again, and what was recorded is gone.</summary>
    private async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        foreach (var function in state.State.Incoming)
        {
            await ReleaseAsync(function, cancellationToken);
            if (!state.State.Functions.Exists(before => before.Id == function.Id))
                await GrainFactory.GetGrain<IProviderFunctionGrain>(function.Id).RemoveAsync(cancellationToken);
        }

        state.State.Incoming = [];
        await WriteOrClearAsync();
    }

    private Task RecordAsync(IEnumerable<DomainFunction> functions, CancellationToken cancellationToken) =>
        Task.WhenAll(functions.Select(function => GrainFactory.GetGrain<IProviderFunctionGrain>(function.Id).RecordAsync(
            new ProviderFunctionRecord
            {
                Role = function.Role,
                ApiProvDomId = ApiProvDomId,
                CertificateThumbprint = function.Certificate.Thumbprint,
                CertificateSerialNumber = function.Certificate.SerialNumber,
                CertificateExpiresAt = function.Certificate.ExpiresAt,
                EnrolmentUser = state.State.EnrolmentUser,
            },
            cancellationToken)));

    private async Task ReleaseAsync(DomainFunction function, CancellationToken cancellationToken)
    {
        // A function may have gone back to the key that it left.
        if (!state.State.Functions.Exists(one => one.Certificate.PublicKeySha256 == function.Certificate.PublicKeySha256))
            await Reservation(function).ReleaseAsync(Owner(function), cancellationToken);
    }

    private IPublicKeyReservationGrain Reservation(DomainFunction function) =>
        GrainFactory.GetGrain<IPublicKeyReservationGrain>(function.Certificate.PublicKeySha256);

    private static KeyOwner Owner(DomainFunction function) => new() { Id = function.Id, IsApiInvoker = false };

    private static ApiProviderFunctionDetails Describe(PlannedFunction planned, DomainFunction function) => planned.Details with
    {
        ApiProvFuncId = function.Id,
        RegInfo = planned.Details.RegInfo with { ApiProvCert = function.CertificatePem },
    };

    private DomainFunction Issue(DomainFunction intended, SubjectPublicKey key)
    {
        var kind = intended.Role == CallerRole.Aef ? CertificateKind.Aef : CertificateKind.ApiProviderFunction;
        var issued = issuer.Issue(kind, intended.Id, key, intended.Certificate.SerialNumber);
        return new DomainFunction
        {
            Id = intended.Id,
            Role = intended.Role,
            CertificatePem = issued.Pem,
            Certificate = new CertificateRecord
            {
                SerialNumber = intended.Certificate.SerialNumber,
                PublicKeySha256 = key.Sha256Hex,
                Thumbprint = issued.Thumbprint,
                ExpiresAt = issued.ExpiresAt,
            },
        };
    }
}
