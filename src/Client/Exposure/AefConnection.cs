using System.Net;

namespace CapifOrleans.Client;

/// <summary>CheckAuthenticationReq (TS 29.222 9.1.4.2.2).</summary>
internal sealed record CheckAuthenticationReq
{
    public required string ApiInvokerId { get; init; }

    public required string SupportedFeatures { get; init; }
}

/// <summary>CAPIF-2e to one AEF by one method: authentication initiation first (TS 29.222 6.2.2.2, 33.122 6.5.2), then whatever is sent.</summary>
internal sealed class AefConnection(Uri root, HttpMessageHandler handler, HttpMessageHandler initiation, ApiInvokerOptions options, InvokerIdentity identity) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(handler);
    private readonly CoreConnection _initiation = new(root, initiation, options.Timeout);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile bool _initiated;

    /// <summary>Sends a request of the service API.</summary>
    /// <exception cref="CapifException">The AEF refused the authentication initiation.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_initiated)
            await InitiateAsync(cancellationToken);
        return await _http.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _initiation.Dispose();
    }

    private async Task InitiateAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_initiated)
                return;
            var request = new CheckAuthenticationReq { ApiInvokerId = identity.ApiInvokerId!, SupportedFeatures = "0" };
            var answer = await _initiation.SendAsync(
                "The authentication initiation at the AEF", HttpMethod.Post, "aef-security/v1/check-authentication",
                JsonBody.Of(request, ClientJson.Default.CheckAuthenticationReq), ClientJson.Default.Problem, cancellationToken);
            if (answer.Status != HttpStatusCode.OK)
                throw new CapifException($"The authentication initiation at the AEF was answered with {(int)answer.Status}.", answer.Status);
            _initiated = true;
        }
        finally
        {
            _turn.Release();
        }
    }
}
