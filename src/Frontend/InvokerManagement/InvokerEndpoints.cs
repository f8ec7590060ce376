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

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOperation(OperationTable.OnboardApiInvoker, OnboardAsync);
        endpoints.MapOperation(OperationTable.UpdateApiInvoker, UpdateAsync);
        endpoints.MapOperation(OperationTable.PatchApiInvoker, PatchAsync);
        endpoints.MapOperation(OperationTable.OffboardApiInvoker, OffboardAsync);
    }

    private static async Task OnboardAsync(OperationContext context)
    {
        // 33.122 B.1: whether it succeeds or not, the session is torn down after the answer.
        Answer.CloseConnectionAfter(context.Http);
        if (await WireBody.ReadAsync<ApiInvokerEnrolmentDetails>(context) is not { } body)
            return;
        var apiInvokerId = Guid.NewGuid().ToString("N");
        var outcome = await context.Grains.GetGrain<IApiInvokerGrain>(apiInvokerId).OnboardAsync(
            new OnboardingRequest
            {
                Details = body,
                EnrolmentUser = context.EnrolmentUser.UserName,
                SupportsPsk = context.Http.Features.Get<ITlsSessionFeature>() is { IsExtendedMasterSecret: true },
            },
            CancellationToken.None);
        if (!outcome.TryGet(out var onboarded, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, Path + apiInvokerId);
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, onboarded);
    }

    private static async Task UpdateAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<ApiInvokerEnrolmentDetails>(context) is { } body)
            await AnswerAsync(context, await Invoker(context).UpdateAsync(body, CancellationToken.None));
    }

    private static async Task PatchAsync(OperationContext context)
    {
        if (await WireBody.ReadPatchAsync(context) is { } patch)
            await AnswerAsync(context, await Invoker(context).PatchAsync(patch, CancellationToken.None));
    }

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
        ? Answer.CurrentAsync(context.Http, value)
        : ProblemWriter.RefuseAsync(context.Http, refusal);
}
