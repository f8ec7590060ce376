using CapifOrleans.InvokerManagement;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>A core function whose operator approves onboardings and updates.</summary>
public sealed class ApprovalFixture : CoreFixture
{
    private protected override OnboardingApproval Approval => OnboardingApproval.All;
}
