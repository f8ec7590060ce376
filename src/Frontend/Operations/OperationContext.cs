using CapifOrleans.Enrolment;

namespace CapifOrleans.Frontend.Operations;

/// <summary>A request that passed authentication and authorization, as its endpoint sees it.</summary>
public readonly struct OperationContext
{
    private readonly CallerIdentity? _caller;
    private readonly EnrolmentUser? _enrolmentUser;

    internal OperationContext(HttpContext http, CallerIdentity? caller, EnrolmentUser? enrolmentUser)
    {
        Http = http;
        _caller = caller;
        _enrolmentUser = enrolmentUser;
    }

    /// <summary>The request and its answer.</summary>
    public HttpContext Http { get; }

    /// <summary>The caller, where the operation wants a client certificate.</summary>
    public CallerIdentity Caller => _caller ?? throw new InvalidOperationException("This operation has no caller with a certificate.");

    /// <summary>The user whose credential came along, where the operation wants an enrolment credential.</summary>
    public EnrolmentUser EnrolmentUser => _enrolmentUser ?? throw new InvalidOperationException("This operation has no enrolment credential.");

    /// <summary>The grains.</summary>
    public IClusterClient Grains => Http.RequestServices.GetRequiredService<IClusterClient>();

    /// <summary>
    /// Ends when the client goes away. For reading only: what changes something runs to its end, whether or not anybody waits for the answer.
    /// </summary>
    public CancellationToken ClientGone => Http.RequestAborted;

    /// <summary>A parameter of the path.</summary>
    public string Path(string name) => (string)Http.Request.RouteValues[name]!;
}

/// <summary>What an endpoint does: bind, validate, one grain call, shape the answer.</summary>
public delegate Task OperationHandler(OperationContext context);
