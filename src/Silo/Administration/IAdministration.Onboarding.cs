using System.Collections.Immutable;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Silo.Administration;

internal partial interface IAdministration
{
    /// <summary>The onboardings and updates that wait for the operator, the oldest first.</summary>
    Task<ImmutableArray<PendingEnrolment>> ListOnboardingsAsync(CancellationToken cancellationToken);

    /// <summary>Approves one.</summary>
    Task<Outcome> ApproveOnboardingAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>Refuses one.</summary>
    Task<Outcome> RefuseOnboardingAsync(string requestId, CancellationToken cancellationToken);
}
