namespace CapifOrleans.Frontend.Operations;

/// <summary>
/// One row of the table of who may call what: an operation of TS 29.222 with how its caller is authenticated, which roles may call it and
/// whose resource it is. A row is the only way to map an endpoint, so that no operation is without one.
/// </summary>
public sealed record Operation
{
    /// <summary>The service operation's name in TS 29.222 5.1-1, as <c>Onboard_API_Invoker</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The API's document: the file name of the standard's OpenAPI document without <c>TS29222_</c> and <c>.json</c>.</summary>
    public required string Api { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path below the API's root.</summary>
    public required string Path { get; init; }

    /// <summary>The clause that describes the operation.</summary>
    public required string Clause { get; init; }

    /// <summary>How the caller is authenticated.</summary>
    public required CallerAuthentication Authentication { get; init; }

    /// <summary>The roles that may call it; empty where the credential alone decides.</summary>
    public ImmutableArray<CallerRole> Roles { get; init; } = [];

    /// <summary>Whose resource it is.</summary>
    public OwnerRule Owner { get; init; } = OwnerRule.Anybody;

    /// <summary>What a caller who is not the owner is told: what one is told who names nothing, so that identifiers cannot be probed.</summary>
    public Refusal Stranger { get; init; } = Refusal.NotFound("There is no such resource for this caller.", "RESOURCE_NOT_FOUND");

    /// <summary>The same, where its words depend on the request.</summary>
    public Func<HttpRequest, Refusal>? StrangerOf { get; init; }

    /// <summary>Whether an answer grants, changes or takes something, and so leaves an audit line even when all went well.</summary>
    public bool IsSecurityDecision { get; init; }

    /// <summary>The largest body that is read, in octets.</summary>
    public int MaxBodySize { get; init; } = 256 * 1024;

    /// <summary>The operation as a log names it.</summary>
    public override string ToString() => Name;
}

/// <summary>How the caller of an operation is authenticated.</summary>
public enum CallerAuthentication
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>An enrolment credential as Bearer token, over server-authenticated TLS (33.122 6.1).</summary>
    EnrolmentCredential,

    /// <summary>A client certificate that this core function issued or accepted (33.122 6.3.1, 6.6).</summary>
    ClientCertificate,
}
