using CapifOrleans.Frontend.Events;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Tls;

namespace CapifOrleans.Frontend.InvokerManagement;

/// <summary>CAPIF_API_Invoker_Management_API (29.222 8.4): onboarding, update, offboarding.</summary>
internal static class InvokerEndpoints
{
    private const string Path = "/api-invoker-management/v1/onboardedInvokers/";

    public static void Map(IEndpointRouteBuilder endpoints, OnboardingApproval approval)
    {
        endpoints.MapOperation(OperationTable.OnboardApiInvoker, context => OnboardAsync(context, approval));
        endpoints.MapOperation(OperationTable.UpdateApiInvoker, context => UpdateAsync(context, approval));
        endpoints.MapOperation(OperationTable.PatchApiInvoker, context => PatchAsync(context, approval));
        endpoints.MapOperation(OperationTable.OffboardApiInvoker, OffboardAsync);
    }

    private static async Task OnboardAsync(OperationContext context, OnboardingApproval approval)
    {
        // 33.122 B.1: whether it succeeds or not, the session is torn down after the answer.
        Answer.CloseConnectionAfter(context.Http);
        if (await WireBody.ReadAsync<ApiInvokerEnrolmentDetails>(context) is not { } body)
            return;
        var apiInvokerId = Guid.NewGuid().ToString("N");
        var invoker = context.Grains.GetGrain<IApiInvokerGrain>(apiInvokerId);
        var request = new OnboardingRequest
        {
            Details = body,
            EnrolmentUser = context.EnrolmentUser.UserName,
            SupportsPsk = context.Http.Features.Get<ITlsSessionFeature>() is { IsExtendedMasterSecret: true },
            ApiRoot = Answer.ApiRoot(context.Http),
        };
        if (approval != OnboardingApproval.None || context.EnrolmentUser.NeedsApproval)
        {
            await AcceptedAsync(context, await invoker.RequestOnboardingAsync(request, CancellationToken.None));
            return;
        }

        var outcome = await invoker.OnboardAsync(request, CancellationToken.None);
        if (!outcome.TryGet(out var onboarded, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, Path + apiInvokerId);
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, Answered(context, onboarded));
    }

    private static async Task UpdateAsync(OperationContext context, OnboardingApproval approval)
    {
        if (await WireBody.ReadAsync<ApiInvokerEnrolmentDetails>(context) is not { } body)
            return;
        if (approval == OnboardingApproval.All)
            await AcceptedAsync(context, await Invoker(context).RequestUpdateAsync(body, CancellationToken.None));
        else
            await AnswerAsync(context, await Invoker(context).UpdateAsync(body, CancellationToken.None));
    }

    private static async Task PatchAsync(OperationContext context, OnboardingApproval approval)
    {
        if (await WireBody.ReadPatchAsync(context) is not { } patch)
            return;
        if (approval == OnboardingApproval.All)
            await AcceptedAsync(context, await Invoker(context).RequestPatchAsync(patch, CancellationToken.None));
        else
            await AnswerAsync(context, await Invoker(context).PatchAsync(patch, CancellationToken.None));
    }

    /// <summary>29.222 5.5.2.2.2, 5.5.2.5.2: the operator decides; there is no body, and no resource, before that.</summary>
    private static Task AcceptedAsync(OperationContext context, Outcome outcome) => outcome.Refusal is { } refusal
        ? ProblemWriter.RefuseAsync(context.Http, refusal)
        : Answer.Empty(context.Http, StatusCodes.Status202Accepted);

    private static async Task OffboardAsync(OperationContext context)
    {
        var outcome = await Invoker(context).OffboardAsync(CancellationToken.None);
        if (outcome.Refusal is { } refusal)
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        // 33.122 6.8 step 6; the other connections of the invoker are closed by the grain.
        if (context.Caller.Role == CallerRole.ApiInvoker)
            Answer.CloseConnectionAfter(context.Http);
        await Answer.Empty(context.Http, StatusCodes.Status204NoContent);
    }

    private static IApiInvokerGrain Invoker(OperationContext context) => context.Grains.GetGrain<IApiInvokerGrain>(context.Path("onboardingId"));

    private static Task AnswerAsync(OperationContext context, Outcome<ApiInvokerEnrolmentDetails> outcome) => outcome.TryGet(out var value, out var refusal)
        ? Answer.CurrentAsync(context.Http, Answered(context, value))
        : ProblemWriter.RefuseAsync(context.Http, refusal);

    private static ApiInvokerEnrolmentDetails Answered(OperationContext context, ApiInvokerEnrolmentDetails details) =>
        details with { WebsockNotifConfig = NotificationEndpoints.Absolute(context.Http, details.WebsockNotifConfig) };
}
