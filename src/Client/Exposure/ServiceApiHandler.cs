using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace CapifOrleans.Client;

/// <summary>Calls a service API by the method that is in force, and finds the way back when that changes (TS 33.122 6.5, 6.7).</summary>
internal sealed class ServiceApiHandler(SecurityContext security, ServiceApiAddress address) : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var requested = request.RequestUri;
        var version = request.Version;
        if (address.At(address.Base, requested) is null)
            throw new InvalidOperationException($"{requested} is not of the service API at {address.Base}: it would be given its credentials.");
        if (request.Headers.Authorization is not null)
            throw new InvalidOperationException("The Authorization header is the access token's (TS 33.122 C.5); what the service API itself wants needs another.");
        try
        {
            return await SendAsync(request, requested, version, cancellationToken);
        }
        finally
        {
            // As it was; above all without the token, which has no place in an application's log.
            (request.RequestUri, request.Version, request.Headers.Authorization) = (requested, version, null);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Uri? requested, Version version, CancellationToken cancellationToken)
    {
        var way = default(WayBack);
        AefAccess? doubted = null;
        while (true)
        {
            var access = await security.GetAsync(address.AefId, doubted, cancellationToken);
            var root = address.Root(access.Method);
            request.RequestUri = address.At(root, requested);
            // Our own TLS under HttpClient speaks HTTP/1.1.
            request.Version = access.Method == SecurityMethod.Psk ? HttpVersion.Version11 : version;
            HttpResponseMessage? response = null;
            AefRefusal refusal;
            try
            {
                response = await SendAsync(request, access, root, cancellationToken);
                refusal = await AefRefusals.OfAsync(response, cancellationToken);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested
                && AefRefusals.Of(fault, access, request) is { } found && way.IsOpen(found) && (found != AefRefusal.Credentials || MayRepeat(fault, request)))
            {
                refusal = found;
            }

            if (refusal == AefRefusal.None)
                return response!;
            var step = way.Next(refusal);
            if (step == WayBackStep.Refresh)
                access.Refresh(root, address.ApiName);
            else if (step == WayBackStep.Negotiate)
                doubted = access;
            if (response is null)
                continue;
            if (step == WayBackStep.None || !IsRepeatable(request.Content))
            {
                // What cannot be sent again is answered; the next request goes the other way.
                if (step == WayBackStep.Negotiate)
                    security.Forget(address.AefId);
                return response;
            }

            response.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AefAccess access, Uri root, CancellationToken cancellationToken)
    {
        var connection = access.Connection(root);
        request.Headers.Authorization = access.Method == SecurityMethod.Oauth
            ? new AuthenticationHeaderValue("Bearer", await access.TokenAsync(address.ApiName, cancellationToken))
            : null;
        return await connection.SendAsync(request, cancellationToken);
    }

    /// <summary>Whether nothing of the request was sent, or what was sent can be sent again.</summary>
    private static bool MayRepeat(Exception fault, HttpRequestMessage request) => fault is CapifException || IsRepeatable(request.Content);

    /// <summary>Bodies that lie in memory. Of others nobody knows how much is left.</summary>
    private static bool IsRepeatable(HttpContent? content) => content is null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent;
}
