using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Frontend.ProviderManagement;

/// <summary>CAPIF_API_Provider_Management_API (29.222 8.9): registration, update, deregistration.</summary>
internal static class ProviderEndpoints
{
    private const string Path = "/api-provider-management/v1/registrations/";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOperation(OperationTable.RegisterApiProvider, RegisterAsync);
        endpoints.MapOperation(OperationTable.UpdateApiProvider, UpdateAsync);
        endpoints.MapOperation(OperationTable.PatchApiProvider, PatchAsync);
        endpoints.MapOperation(OperationTable.DeregisterApiProvider, DeregisterAsync);
    }

    private static async Task RegisterAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<ApiProviderEnrolmentDetails>(context) is not { } body)
            return;
        var apiProvDomId = Guid.NewGuid().ToString("N");
        var outcome = await context.Grains.GetGrain<IApiProviderDomainGrain>(apiProvDomId).RegisterAsync(
            new ProviderRegistrationRequest { Details = body, EnrolmentUser = context.EnrolmentUser.UserName }, CancellationToken.None);
        if (!outcome.TryGet(out var registered, out var refusal))
        {
            await ProblemWriter.RefuseAsync(context.Http, refusal);
            return;
        }

        Answer.SetLocation(context.Http, Path + apiProvDomId);
        await Answer.JsonAsync(context.Http, StatusCodes.Status201Created, registered);
    }

    private static async Task UpdateAsync(OperationContext context)
    {
        if (await WireBody.ReadAsync<ApiProviderEnrolmentDetails>(context) is { } body)
            await AnswerAsync(context, await Domain(context).UpdateAsync(context.Caller, body, CancellationToken.None));
    }

    private static async Task PatchAsync(OperationContext context)
    {
        if (await WireBody.ReadPatchAsync(context) is { } patch)
            await AnswerAsync(context, await Domain(context).PatchAsync(context.Caller, patch, CancellationToken.None));
    }

    private static async Task DeregisterAsync(OperationContext context)
    {
        var outcome = await Domain(context).DeregisterAsync(context.Caller, CancellationToken.None);
        await (outcome.Refusal is { } refusal
            ? ProblemWriter.RefuseAsync(context.Http, refusal)
            : Answer.Empty(context.Http, StatusCodes.Status204NoContent));
    }

    private static IApiProviderDomainGrain Domain(OperationContext context) =>
        context.Grains.GetGrain<IApiProviderDomainGrain>(context.Path("registrationId"));

    private static Task AnswerAsync(OperationContext context, Outcome<ApiProviderEnrolmentDetails> outcome) => outcome.TryGet(out var value, out var refusal)
        ? Answer.CurrentAsync(context.Http, value)
        : ProblemWriter.RefuseAsync(context.Http, refusal);
}
