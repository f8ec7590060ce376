using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Enrolment;
using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Problems;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>
/// Account administration, with the paths of OpenCAPIF's register service. Administrators themselves are made and removed on the machine only
/// (<c>user add --administrator</c>): a stolen administrator's credential cannot make more of its kind.
/// </summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/createUser", (RequestDelegate)CreateAsync);
        endpoints.MapGet("/getUsers", (RequestDelegate)ListAsync);
        endpoints.MapDelete("/deleteUser/{uuid}", (RequestDelegate)DeleteAsync);
    }

    private static async Task CreateAsync(HttpContext http)
    {
        if (await Gate(http).AdministratorAsync(http, "createUser") is not { } administrator)
            return;
        if (await RequestBody.ReadAsync(http, RequestBody.Json) is not { } bytes)
            return;
        if (Read(bytes, out var body) is { } refusal)
        {
            await ProblemWriter.RefuseAsync(http, refusal);
            return;
        }

        // Not the client's to cancel: what was begun ends, whether or not anybody waits for the answer.
        var user = new NewEnrolmentUser { Password = new EnrolmentPassword { Text = body!.Password! } };
        var outcome = await Grains(http).GetGrain<IEnrolmentUserGrain>(body.UserName!).CreateAsync(user, CancellationToken.None);
        if (!outcome.TryGet(out var created, out var refused))
        {
            await ProblemWriter.RefuseAsync(http, refused);
            return;
        }

        Audit(http).Answered("createUser", http, administrator.UserName);
        await AnswerAsync(http, StatusCodes.Status201Created, Describe(created), EnrolmentJson.Relaxed.UserAnswer);
    }

    private static async Task ListAsync(HttpContext http)
    {
        if (await Gate(http).AdministratorAsync(http, "getUsers") is null)
            return;
        var users = await Directory(http).ListAsync(http.RequestAborted);
        var answer = new UsersAnswer { Users = [.. users.Select(Describe)] };
        await AnswerAsync(http, StatusCodes.Status200OK, answer, EnrolmentJson.Relaxed.UsersAnswer);
    }

    private static async Task DeleteAsync(HttpContext http)
    {
        if (await Gate(http).AdministratorAsync(http, "deleteUser") is not { } administrator)
            return;
        if (await RemoveAsync(http, (string)http.Request.RouteValues["uuid"]!) is { } refusal)
        {
            await ProblemWriter.RefuseAsync(http, refusal);
            return;
        }

        Audit(http).Answered("deleteUser", http, administrator.UserName);
        await Answer.Empty(http, StatusCodes.Status204NoContent);
    }

    private static async Task<Refusal?> RemoveAsync(HttpContext http, string uuid)
    {
        if (await Directory(http).FindAsync(uuid, http.RequestAborted) is not { } user)
            return Refusal.NotFound("There is no account of this uuid.", "ACCOUNT_NOT_FOUND");
        if (user.IsAdministrator)
        {
            return Refusal.Of(
                ErrorKind.Forbidden, "An administrator's account is removed on the core function's machine: user remove.", "ADMINISTRATOR_ACCOUNT");
        }

        var outcome = await Grains(http).GetGrain<IEnrolmentUserGrain>(user.UserName).RemoveAsync(uuid, CancellationToken.None);
        return outcome.Refusal;
    }

    private static Refusal? Read(byte[] bytes, out CreateUserBody? body)
    {
        body = null;
        try
        {
            body = JsonSerializer.Deserialize(bytes, EnrolmentJson.Relaxed.CreateUserBody);
        }
        catch (JsonException fault)
        {
            // A fault of syntax is told by the reader, within; any other is a value of the wrong type.
            return fault.InnerException is not JsonException && fault.Path is { Length: > 2 } path
                ? Refusal.OfAttribute(path[2..], "must be text")
                : Refusal.Of(ErrorKind.InvalidRequest, "The body is not a JSON object.", "INVALID_MSG_FORMAT");
        }

        if (string.IsNullOrEmpty(body?.UserName))
            return Refusal.OfAttribute("username", "is missing", cause: "MANDATORY_IE_MISSING");
        return string.IsNullOrEmpty(body.Password) ? Refusal.OfAttribute("password", "is missing", cause: "MANDATORY_IE_MISSING") : null;
    }

    private static UserAnswer Describe(EnrolmentUser user) => new() { UserName = user.UserName, Uuid = user.Uuid };

    private static Task AnswerAsync<T>(HttpContext http, int status, T answer, JsonTypeInfo<T> type) =>
        Answer.BytesAsync(http, status, RequestBody.Json, JsonSerializer.SerializeToUtf8Bytes(answer, type));

    private static AccountGate Gate(HttpContext http) => http.RequestServices.GetRequiredService<AccountGate>();

    private static EnrolmentAudit Audit(HttpContext http) => http.RequestServices.GetRequiredService<EnrolmentAudit>();

    private static IClusterClient Grains(HttpContext http) => http.RequestServices.GetRequiredService<IClusterClient>();

    private static IEnrolmentDirectoryGrain Directory(HttpContext http) => Grains(http).GetGrain<IEnrolmentDirectoryGrain>("users");
}
