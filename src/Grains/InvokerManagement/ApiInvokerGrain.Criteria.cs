using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Security;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>Onboarding criteria (feature CAPIF_Ext1, 29.222 8.4.4.2.8, 8.4.5.3).</summary>
internal sealed partial class ApiInvokerGrain
{
    private const string CriteriaAttribute = "onboardingInformation.onboardingCriteria";

    /// <summary>
    /// 403 ONBOARDING_CRI_NOT_MET, and the event of that name, where a criterion does not hold: the core function must support every method that
    /// it names, and so must each AEF that it is about. Criteria without the feature are not looked at.
    /// </summary>
    private async Task<Refusal?> UnmetCriterionAsync(OnboardingRequest request, CancellationToken cancellationToken)
    {
        var details = request.Details;
        if (details.SupportedFeatures?.Has(CapifExt1) != true || details.OnboardingInformation.OnboardingCriteria is not { } criteria)
            return null;
        for (var index = 0; index < criteria.Length; index++)
        {
            if (await WhyUnmetAsync(criteria[index], request.SupportsPsk, cancellationToken) is not { } reason)
                continue;
            await PendingEvents.Topic(GrainFactory, CapifEvent.ApiInvokerOnboardingCriteriaFailed).PublishAsync(
                new EventOccurrence
                {
                    EventId = PendingEvents.NewId(),
                    Event = CapifEvent.ApiInvokerOnboardingCriteriaFailed,
                    OccurredAt = _time.GetUtcNow(),
                    Detail = new CapifEventDetail { OnboardingCriteria = [criteria[index]] },
                    AefIds = criteria[index].RelatedCriteria?.AefIds ?? [],
                },
                cancellationToken);
            return Refusal.OfAttribute($"{CriteriaAttribute}[{index}]", reason, ErrorKind.OnboardingCriteriaNotMet, "ONBOARDING_CRI_NOT_MET");
        }

        return null;
    }

    private async Task<string?> WhyUnmetAsync(OnboardingCriteria criterion, bool supportsPsk, CancellationToken cancellationToken)
    {
        if (!supportsPsk && criterion.SecMethods.Contains(SecurityMethod.Psk))
            return "names a security method that this core function does not support";
        if (criterion.RelatedCriteria is not { } related)
            return null;
        // Fail closed: a criterion that nobody looked at is not met.
        if (related.AefIds is not { } aefIds || related.Apis is not null || related.ServiceApiCategories is not null)
            return "is about service APIs or categories; this core function judges criteria by AEF";
        var discovery = GrainFactory.GetGrain<IDiscoveryGrain>(0);
        foreach (var aefId in aefIds)
        {
            var offered = SecurityMethodSelection.OfferedBy(aefId, await discovery.FindByAefAsync(aefId, null, cancellationToken));
            if (!offered.IsSupersetOf(criterion.SecMethods))
                return "names an AEF that does not offer every one of its security methods";
        }

        return null;
    }
}
