using System.Collections.Immutable;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Silo.Administration;

internal sealed partial class GrainAdministration
{
    private IOnboardingApprovalGrain Onboardings => grains.GetGrain<IOnboardingApprovalGrain>(0);

    /// <inheritdoc/>
    public Task<ImmutableArray<PendingEnrolment>> ListOnboardingsAsync(CancellationToken cancellationToken) => Onboardings.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> ApproveOnboardingAsync(string requestId, CancellationToken cancellationToken) => Onboardings.ApproveAsync(requestId, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RefuseOnboardingAsync(string requestId, CancellationToken cancellationToken) => Onboardings.RefuseAsync(requestId, cancellationToken);
}
