using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Logging;
using CapifOrleans.Frontend.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace CapifOrleans.Aef.Exposure;

/// <summary>One request of CAPIF-2e from its target to its log: read, authorize, forward, log.</summary>
internal sealed partial class InvocationHandler(
    ServiceApis apis, InvocationAuthorizer authorizer, InvocationForwarder forwarder, InvocationLogSpool logs, TimeProvider time,
    ILogger<InvocationHandler> logger)
{
    private static readonly Denial LogsAreFull = new(
        StatusCodes.Status503ServiceUnavailable, "INVOCATION_LOG_FULL", "Invocations cannot be logged now, and are not let through unlogged.")
    { RetryAfter = TimeSpan.FromSeconds(30) };

    /// <summary>Handles it.</summary>
    public async Task HandleAsync(HttpContext http, InvokerConnection connection)
    {
        var started = time.GetTimestamp();
        var raw = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTarget.TryRead(raw, out var target, out var fault))
        {
            await ProblemWriter.RefuseAsync(http, Refusal.Of(ErrorKind.InvalidRequest, "The request target " + fault + ".", "INVALID_API"));
            return;
        }

        if (apis.Find(target.Path, out var rest) is not { } api)
        {
            await ProblemWriter.RefuseAsync(http, Refusal.NotFound("No service API is exposed at this path.", "RESOURCE_URI_STRUCTURE_NOT_FOUND"));
            return;
        }

        if (api.Configuration.MaxRequestBody is > 0 and var most && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = most;
        var invocation = new Invocation { Api = api, Target = target, Rest = rest, Resource = api.ResourceOf(rest) };
        var authorization = await AuthorizeAsync(http, connection, invocation);
        if (authorization.ApiInvokerId is { } known)
            invocation.ApiInvokerId = known;
        if (authorization.Denial is { } denial)
        {
            Denied(api.ApiName, authorization.ApiInvokerId, denial.Cause, http.Connection.Id);
            await denial.WriteAsync(http);
        }
        else
        {
            invocation.Token = authorization.Token;
            await forwarder.ForwardAsync(http, invocation);
        }

        // What nobody was authenticated for is nobody's invocation.
        if (authorization.ApiInvokerId is not null)
            await LogAsync(http, invocation, started);
    }

    private async ValueTask<Authorization> AuthorizeAsync(HttpContext http, InvokerConnection connection, Invocation invocation)
    {
        if (!logs.HasRoom)
            return new Authorization(null, LogsAreFull);
        try
        {
            return await authorizer.AuthorizeAsync(http, connection, invocation.Api, invocation.Resource);
        }
        catch (CoreFunctionUnavailableException)
        {
            return new Authorization(null, Denial.CoreUnavailable);
        }
    }

    private ValueTask LogAsync(HttpContext http, Invocation invocation, long started) => logs.AddAsync(new LoggedInvocation
    {
        ApiInvokerId = invocation.ApiInvokerId,
        Api = invocation.Api,
        Resource = invocation.Resource ?? (invocation.Rest.Length == 0 ? "/" : invocation.Rest),
        Path = invocation.Target.Path,
        Method = http.Request.Method,
        IsHttp2 = HttpProtocol.IsHttp2(http.Request.Protocol),
        Status = http.Response.StatusCode,
        At = time.GetUtcNow() - time.GetElapsedTime(started),
        Latency = time.GetElapsedTime(started),
        Source = http.Connection.RemoteIpAddress,
        SourcePort = http.Connection.RemotePort,
    });

    [LoggerMessage(1, LogLevel.Information, "An invocation of {ApiName} by API invoker {ApiInvokerId} was refused: {Cause} (connection {ConnectionId})")]
    private partial void Denied(string apiName, string? apiInvokerId, string cause, string connectionId);
}
