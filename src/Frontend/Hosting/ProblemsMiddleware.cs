using CapifOrleans.Frontend.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace CapifOrleans.Frontend.Hosting;

/// <summary>Turns what no endpoint answered into problem+json: faults, unknown paths, wrong methods.</summary>
public static partial class ProblemsMiddleware
{
    private const int MaxTargetLength = 8_000;

    /// <summary>Adds it; it must come first.</summary>
    public static void UseProblems(this IApplicationBuilder application)
    {
        var logger = application.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("CapifOrleans.Frontend");
        application.Use(next => http => InvokeAsync(http, next, logger));
    }

    private static async Task InvokeAsync(HttpContext http, RequestDelegate next, ILogger logger)
    {
        try
        {
            // 29.122 table 5.2.6-1: an audit or a discovery with all its parameters stays far below.
            if (http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > MaxTargetLength)
            {
                await FailAsync(
                    http, StatusCodes.Status414UriTooLong, "URI Too Long", $"Path and query may have at most {MaxTargetLength} characters.", null);
                return;
            }

            await next(http);
            if (!http.Response.HasStarted && http.Response.ContentLength is null)
                await DescribeAsync(http);
        }
        catch (BadHttpRequestException fault)
        {
            await FailAsync(http, fault.StatusCode, "Bad Request", "The request could not be read: " + fault.Message, "INVALID_MSG_FORMAT");
        }
        catch (Exception fault) when (http.RequestAborted.IsCancellationRequested
            && fault is OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // Nobody waits for an answer.
        }
        catch (Exception fault) when (fault is TimeoutException or Orleans.Runtime.OrleansException)
        {
            // A silo or the storage is gone for the moment: nothing is half done, but whether it was done is not known.
            Fault(logger, http.Request.Method, http.Request.Path, fault);
            if (!http.Response.HasStarted)
                http.Response.Headers.RetryAfter = "5";
            await FailAsync(http, StatusCodes.Status503ServiceUnavailable, "Service Unavailable", "No answer in time; try again.", "NF_CONGESTION");
        }
        catch (Exception fault)
        {
            // The cause stays in the log: an answer must not tell how the core function is built.
            Fault(logger, http.Request.Method, http.Request.Path, fault);
            await FailAsync(http, StatusCodes.Status500InternalServerError, "Internal Server Error", null, "SYSTEM_FAILURE");
        }
    }

    private static Task DescribeAsync(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound when http.GetEndpoint() is null => FailAsync(
            http, StatusCodes.Status404NotFound, "Not Found", "There is no such resource.", "RESOURCE_URI_STRUCTURE_NOT_FOUND"),
        StatusCodes.Status405MethodNotAllowed => FailAsync(
            http, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed", "The resource does not take this method; Allow names those it does.", null),
        _ => Task.CompletedTask,
    };

    private static async Task FailAsync(HttpContext http, int status, string title, string? detail, string? cause)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        await ProblemWriter.WriteAsync(http, status, title, detail, cause, []);
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Fault(ILogger logger, string method, PathString path, Exception fault);
}
