using System.Collections.Immutable;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

/// <summary>The operator's decision on a request.</summary>
internal sealed record OnboardingDecision
{
    /// <summary>The request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether it is approved.</summary>
    public required bool IsApproved { get; init; }
}

internal sealed partial class ControlClient
{
    /// <inheritdoc/>
    public Task<ImmutableArray<PendingEnrolment>> ListOnboardingsAsync(CancellationToken cancellationToken) =>
        GetAsync("onboardings", ControlJson.Default.ImmutableArrayPendingEnrolment, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> ApproveOnboardingAsync(string requestId, CancellationToken cancellationToken) =>
        DecideAsync(new OnboardingDecision { RequestId = requestId, IsApproved = true }, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RefuseOnboardingAsync(string requestId, CancellationToken cancellationToken) =>
        DecideAsync(new OnboardingDecision { RequestId = requestId, IsApproved = false }, cancellationToken);

    private Task<Outcome> DecideAsync(OnboardingDecision decision, CancellationToken cancellationToken) =>
        PostAsync("onboardings", decision, ControlJson.Default.OnboardingDecision, ControlJson.Default.Outcome, cancellationToken);
}

internal static partial class ControlListener
{
    private static void MapOnboardings(WebApplication application, IAdministration administration)
    {
        var json = ControlJson.Default;
        application.MapGet("/onboardings", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListOnboardingsAsync(http.RequestAborted), json.ImmutableArrayPendingEnrolment)));
        application.MapPost("/onboardings", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.OnboardingDecision) is not { } decision)
                return;
            var decided = decision.IsApproved
                ? administration.ApproveOnboardingAsync(decision.RequestId, CancellationToken.None)
                : administration.RefuseOnboardingAsync(decision.RequestId, CancellationToken.None);
            await AnswerAsync(http, await decided, json.Outcome);
        }));
    }
}
