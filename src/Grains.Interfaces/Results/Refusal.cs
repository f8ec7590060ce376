namespace CapifOrleans;

/// <summary>An expected refusal: returned, never thrown. It becomes problem+json (RFC 9457) or an OAuth error in a frontend.</summary>
[GenerateSerializer, Immutable, Alias("capif.Refusal")]
public sealed record Refusal
{
    /// <summary>Why.</summary>
    [Id(0)]
    public required ErrorKind Kind { get; init; }

    /// <summary>What happened, for people; it names no secret.</summary>
    [Id(1)]
    public required string Detail { get; init; }

    /// <summary>The application error of the TS (29.222 8.x.5.3, 29.500 5.2.7.2), or a short cause of ours.</summary>
    [Id(2)]
    public string? Cause { get; init; }

    /// <summary>The attributes at fault.</summary>
    [Id(3)]
    public ImmutableArray<InvalidParam> InvalidParams { get; init; } = [];

    /// <summary>A refusal.</summary>
    public static Refusal Of(ErrorKind kind, string detail, string? cause = null) => new() { Kind = kind, Detail = detail, Cause = cause };

    /// <summary>A refusal of one attribute (400, MANDATORY_IE_INCORRECT unless told otherwise).</summary>
    public static Refusal OfAttribute(string param, string reason, ErrorKind kind = ErrorKind.InvalidRequest, string cause = "MANDATORY_IE_INCORRECT") => new()
    {
        Kind = kind,
        Detail = $"{param}: {reason}",
        Cause = cause,
        InvalidParams = [InvalidParam.Of(param, reason)],
    };

    /// <summary>A refusal of one attribute whose detail clients compare: it is told as it stands.</summary>
    public static Refusal Exactly(ErrorKind kind, string detail, string cause, string param, string? reason = null) => new()
    {
        Kind = kind,
        Detail = detail,
        Cause = cause,
        InvalidParams = [InvalidParam.Of(param, reason ?? detail)],
    };

    /// <summary>The resource does not exist, or is not the caller's.</summary>
    public static Refusal NotFound(string detail, string? cause = null) => Of(ErrorKind.NotFound, detail, cause);
}
