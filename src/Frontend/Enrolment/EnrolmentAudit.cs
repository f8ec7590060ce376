using System.Net;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>One line for every security decision of the enrolment listener. It never holds a password or a credential.</summary>
internal sealed partial class EnrolmentAudit(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("CapifOrleans.Audit");

    /// <summary>The request was refused.</summary>
    public void Refused(string operation, HttpContext http, string? userName, Refusal refusal) =>
        Refused(operation, userName, http.Connection.RemoteIpAddress, http.Response.StatusCode, refusal.Cause);

    /// <summary>The request was granted.</summary>
    public void Answered(string operation, HttpContext http, string userName) =>
        Answered(operation, userName, http.Connection.RemoteIpAddress);

    [LoggerMessage(11, LogLevel.Warning, "Refused {Operation} to {Caller} at {Address}: {Status} {Cause}")]
    private partial void Refused(string operation, string? caller, IPAddress? address, int status, string? cause);

    [LoggerMessage(12, LogLevel.Information, "Granted {Operation} to {Caller} at {Address}")]
    private partial void Answered(string operation, string caller, IPAddress? address);
}
