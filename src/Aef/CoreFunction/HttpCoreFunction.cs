using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using CapifOrleans.AccessControl;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Security;

namespace CapifOrleans.Aef.CoreFunction;

/// <summary>A core function over CAPIF-3: mutual TLS with the AEF's certificate (33.122 6.6). It works with any core function of TS 29.222.</summary>
public sealed class HttpCoreFunction : ICoreFunction, IDisposable
{
    private const string JsonType = "application/json";
    private const int LongestAnswer = 4 * 1024 * 1024;
    private readonly HttpClient _client;
    private readonly string _aefId;
    private readonly string? _tokenKeys;

    /// <summary>A core function at that address, which the AEF asks under its own identity.</summary>
    public HttpCoreFunction(CoreFunctionAddress address, X509Certificate2Collection roots, AefIdentity identity)
    {
        _aefId = identity.AefId;
        _tokenKeys = address.TokenKeys;
        _client = new HttpClient(CreateHandler(roots, identity.Certificate, identity.Chain))
        {
            BaseAddress = address.Address,
            Timeout = TimeSpan.FromSeconds(10),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>TLS to a core function: its certificate chains to these roots, and ours is presented if there is one.</summary>
    internal static SocketsHttpHandler CreateHandler(X509Certificate2Collection roots, X509Certificate2? certificate, X509Certificate2Collection? chain)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = policy,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, chain, offline: true),
            },
        };
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(string apiInvokerId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/capif-security/v1/trustedInvokers/{Uri.EscapeDataString(apiInvokerId)}?authenticationInfo=true&authorizationInfo=true");
        return await AskAsync<ServiceSecurity>(request, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> GetTokenKeysAsync(CancellationToken cancellationToken)
    {
        if (_tokenKeys is null)
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, _tokenKeys);
        using var response = await SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? await ReadAsync(response, content => content.ReadAsStringAsync(cancellationToken)) : null;
    }

    /// <inheritdoc/>
    public async Task<Outcome<AccessControlPolicyList>> GetPoliciesAsync(string apiId, string apiInvokerId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/access-control-policy/v1/accessControlPolicyList/{Uri.EscapeDataString(apiId)}?aef-id={Uri.EscapeDataString(_aefId)}"
                + $"&api-invoker-id={Uri.EscapeDataString(apiInvokerId)}");
        return await AskAsync<AccessControlPolicyList>(request, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome> LogAsync(InvocationLog log, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api-invocation-logs/v1/{Uri.EscapeDataString(_aefId)}/logs");
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        request.Content = new ByteArrayContent(WireJson.SerializeToUtf8Bytes(log)) { Headers = { ContentType = new MediaTypeHeaderValue(JsonType) } };
        using var response = await SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? Outcome.Done : await RefusalAsync(response, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<Outcome<T>> AskAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
        where T : class
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(JsonType));
        using var response = await SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return await RefusalAsync(response, cancellationToken);
        var body = await ReadAsync(response, content => content.ReadAsByteArrayAsync(cancellationToken));
        return WireValidator.TryRead<T>(body, out var value, out var fault)
            ? value
            : throw new CoreFunctionUnavailableException($"The core function's answer is not as TS 29.222 has it: {fault.Detail}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            // What is not refused for what it is can be asked again later.
            if ((int)response.StatusCode < 500 && response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout))
                return response;
            var status = (int)response.StatusCode;
            response.Dispose();
            throw new CoreFunctionUnavailableException($"The core function answered {status}.");
        }
        catch (HttpRequestException fault)
        {
            throw new CoreFunctionUnavailableException("The core function cannot be reached: " + fault.Message, fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CoreFunctionUnavailableException("The core function does not answer.", fault);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<HttpContent, Task<T>> read)
    {
        try
        {
            return await read(response.Content);
        }
        catch (HttpRequestException fault)
        {
            throw new CoreFunctionUnavailableException("The core function's answer broke off: " + fault.Message, fault);
        }
    }

    /// <summary>Its problem+json as a refusal; whatever cannot be read of it is left out.</summary>
    private static async Task<Refusal> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var kind = response.StatusCode switch
        {
            HttpStatusCode.BadRequest => ErrorKind.InvalidRequest,
            HttpStatusCode.Unauthorized => ErrorKind.Unauthenticated,
            HttpStatusCode.NotFound => ErrorKind.NotFound,
            _ => ErrorKind.Forbidden,
        };
        string? detail = null, cause = null;
        try
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (problem.RootElement.ValueKind == JsonValueKind.Object)
            {
                detail = Text(problem.RootElement, "detail") ?? Text(problem.RootElement, "title");
                cause = Text(problem.RootElement, "cause");
            }
        }
        catch (JsonException)
        {
            // The status says enough.
        }

        return Refusal.Of(kind, detail ?? $"The core function answered {(int)response.StatusCode}.", cause);
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
