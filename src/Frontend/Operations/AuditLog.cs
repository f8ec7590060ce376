using CapifOrleans.Enrolment;

namespace CapifOrleans.Frontend.Operations;

/// <summary>One line for every security decision: who wanted what, from where, and what was decided. It never holds a credential.</summary>
public sealed partial class AuditLog(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("CapifOrleans.Audit");

    /// <summary>The request was refused before it reached its endpoint.</summary>
    internal void Refused(Operation operation, HttpContext http, CallerIdentity? caller, EnrolmentUser? user, Refusal refusal)
    {
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            Refused(operation.Name, caller?.Role ?? CallerRole.None, caller?.Id ?? user?.UserName, http.Connection.RemoteIpAddress,
                http.Request.Path, http.Response.StatusCode, refusal.Cause);
        }
    }

    /// <summary>The request was answered by its endpoint.</summary>
    internal void Answered(Operation operation, HttpContext http, CallerIdentity? caller, EnrolmentUser? user)
    {
        if (_logger.IsEnabled(LogLevel.Information))
        {
            Answered(operation.Name, caller?.Role ?? CallerRole.None, caller?.Id ?? user?.UserName, http.Connection.RemoteIpAddress,
                http.Request.Path, http.Response.StatusCode);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused {Operation} to {Role} {Caller} at {Address}: {Path} {Status} {Cause}")]
    private partial void Refused(
        string operation, CallerRole role, string? caller, System.Net.IPAddress? address, PathString path, int status, string? cause);

    [LoggerMessage(2, LogLevel.Information, "Answered {Operation} to {Role} {Caller} at {Address}: {Path} {Status}")]
    private partial void Answered(string operation, CallerRole role, string? caller, System.Net.IPAddress? address, PathString path, int status);
}
