namespace CapifOrleans.Frontend.Operations;

/// <summary>Whose resource an operation is about: which part of the request must name the caller itself (29.222 5.2-5.13, first step of each).</summary>
public readonly record struct OwnerRule
{
    private enum Source
    {
        Anybody,
        PathIsCaller,
        PathIsCallersDomain,
        QueryIsCaller,
    }

    private readonly Source _source;
    private readonly string? _name;

    private OwnerRule(Source source, string? name)
    {
        _source = source;
        _name = name;
    }

    /// <summary>No part of the request names the caller.</summary>
    public static OwnerRule Anybody => default;

    /// <summary>The path parameter must be the caller's own identifier.</summary>
    public static OwnerRule PathIsCaller(string parameter) => new(Source.PathIsCaller, parameter);

    /// <summary>The path parameter must be the apiProvDomId of the caller's domain.</summary>
    public static OwnerRule PathIsCallersDomain(string parameter) => new(Source.PathIsCallersDomain, parameter);

    /// <summary>The query parameter must be the caller's own identifier.</summary>
    public static OwnerRule QueryIsCaller(string parameter) => new(Source.QueryIsCaller, parameter);

    /// <summary>The party that the request names; null where it names none.</summary>
    public string? Named(HttpRequest request) => _source switch
    {
        Source.PathIsCaller => request.RouteValues[_name!] as string,
        Source.QueryIsCaller when request.Query[_name!] is { Count: 1 } given => given[0],
        _ => null,
    };

    /// <summary>Whether the caller owns what the request names. A query parameter that is missing is left to the endpoint to refuse.</summary>
    public bool IsOwner(CallerIdentity caller, HttpRequest request) => _source switch
    {
        Source.Anybody => true,
        Source.PathIsCaller => string.Equals(request.RouteValues[_name!] as string, caller.Id, StringComparison.Ordinal),
        Source.PathIsCallersDomain =>
            caller.ApiProvDomId is { } domain && string.Equals(request.RouteValues[_name!] as string, domain, StringComparison.Ordinal),
        Source.QueryIsCaller => request.Query[_name!] is var given && (given.Count == 0 || (given.Count == 1 && given[0] == caller.Id)),
        _ => false,
    };
}
