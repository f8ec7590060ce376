using System.Net;
using System.Net.Http.Headers;
using CapifOrleans.Aef.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace CapifOrleans.Aef.Exposure;

/// <summary>
/// What a request and its answer become on their way. Hop-by-hop fields end here (RFC 9110 7.6.1; the fixed ones are YARP's to leave out, those
/// that Connection names ours), and so does everything by which the API invoker was authorized: the service hears who it is by fields of the
/// AEF's own, which nobody else can set.
/// </summary>
internal sealed class InvocationTransformer(AefIdentity identity) : HttpTransformer
{
    /// <summary>The API invoker, for the service.</summary>
    public const string InvokerField = "CAPIF-API-Invoker-Id";

    /// <summary>The scope of its token.</summary>
    public const string ScopeField = "CAPIF-Scope";

    /// <summary>The resource owner of its token (RNAA).</summary>
    public const string OwnerField = "CAPIF-Resource-Owner";

    private const string OwnPrefix = "CAPIF-";
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var nominated = httpContext.Request.Headers.Connection.ToString();
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var invocation = httpContext.Features.GetRequiredFeature<Invocation>();
        proxyRequest.RequestUri = new Uri($"{destinationPrefix}{invocation.Rest}{invocation.Target.Query}", AsItIs);
        var headers = proxyRequest.Headers;
        headers.Host = null;
        headers.Remove(HeaderNames.Authorization);
        headers.Remove(HeaderNames.ProxyAuthorization);
        headers.Remove(HeaderNames.Expect);
        RemoveNominated(nominated, headers, proxyRequest.Content?.Headers);
        RemoveClaims(httpContext.Request.Headers, headers);
        headers.TryAddWithoutValidation(InvokerField, invocation.ApiInvokerId);
        if (invocation.Token is { } token)
        {
            headers.TryAddWithoutValidation(ScopeField, token.Scope.ToString());
            if (token.Gpsi is { } owner)
                headers.TryAddWithoutValidation(OwnerField, owner);
        }

        headers.TryAddWithoutValidation("Forwarded", Forwarded(httpContext));
        headers.TryAddWithoutValidation(HeaderNames.Via, $"{(HttpProtocol.IsHttp2(httpContext.Request.Protocol) ? "2" : "1.1")} {identity.AefId}");
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is null)
            return goesOn;
        var headers = httpContext.Response.Headers;
        foreach (var name in proxyResponse.Headers.Connection)
            headers.Remove(name);
        headers.Append(HeaderNames.Via, $"{proxyResponse.Version.Major}.{proxyResponse.Version.Minor} {identity.AefId}");
        var invocation = httpContext.Features.GetRequiredFeature<Invocation>();
        foreach (var name in new[] { HeaderNames.Location, HeaderNames.ContentLocation })
        {
            if (headers[name] is [{ } location])
                headers[name] = AtThisAef(location, invocation, httpContext.Request);
        }

        return goesOn;
    }

    /// <summary>An address below the service's own becomes the same below the service API's root here.</summary>
    private static string AtThisAef(string location, Invocation invocation, HttpRequest request)
    {
        var destination = invocation.Destination;
        var path = destination.IndexOf('/', destination.IndexOf("://", StringComparison.Ordinal) + 3) is > 0 and var at ? destination[at..] : "";
        var inner = location.StartsWith(destination, StringComparison.OrdinalIgnoreCase) ? destination
            : location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal) && location.StartsWith(path, StringComparison.Ordinal) ? path
            : null;
        if (inner is null || (location.Length > inner.Length && location[inner.Length] is not ('/' or '?' or '#')))
            return location;
        var rest = location[inner.Length..];
        return inner.Length == destination.Length && inner == destination
            ? $"{request.Scheme}://{request.Host.Value}{invocation.Api.Root}{rest}"
            : $"{invocation.Api.Root}{rest}";
    }

    private static void RemoveNominated(string connection, HttpRequestHeaders headers, HttpContentHeaders? content)
    {
        foreach (var name in connection.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // A name that is none is no field, either.
            if (name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            {
                headers.Remove(name);
                content?.Remove(name);
            }
        }
    }

    /// <summary>What only the AEF may say: who invokes, and where from.</summary>
    private static void RemoveClaims(IHeaderDictionary given, HttpRequestHeaders headers)
    {
        foreach (var (name, _) in given)
        {
            if (name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase))
            {
                headers.Remove(name);
            }
        }
    }

    /// <summary>RFC 7239; what the API invoker itself said of its way is not passed on, since nobody could tell it from our own.</summary>
    private string Forwarded(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var node = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"\"[{address}]\"" : address.ToString();
        return $"for={node};host=\"{http.Request.Host.Value?.Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)}\";proto=https;by=_{identity.AefId}";
    }
}
