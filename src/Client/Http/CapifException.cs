using System.Net;

namespace CapifOrleans.Client;

/// <summary>
/// A refusal by a core function or an AEF, or an answer that is none (TS 29.122 5.2.6, RFC 6749 5.2). No secret is in its text.
/// <see cref="HttpRequestException.StatusCode"/> is the answer's status, if there was one.
/// </summary>
public sealed class CapifException : HttpRequestException
{
    internal CapifException(string message, HttpStatusCode? status = null, Exception? inner = null)
        : base(message, inner, status)
    {
    }

    /// <summary>The application error (<c>cause</c> of ProblemDetails, <c>error</c> of OAuth); null where none was given.</summary>
    public string? Cause { get; init; }

    /// <summary>The attributes that were found fault with.</summary>
    public IReadOnlyList<InvalidParam> InvalidParams { get; init; } = [];
}

/// <summary>An attribute that was found fault with (TS 29.122 5.2.1.2.13).</summary>
/// <param name="Param">The attribute, as the other end names it.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record InvalidParam(string Param, string? Reason);
