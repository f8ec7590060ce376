using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Events;
using CapifOrleans.Json;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Aef.ProviderManagement;

/// <summary>
/// Gets an AEF from nothing to a published one: keys, registration of an API provider domain with its three functions (29.222 5.11.2.2), the
/// service APIs of the configuration (5.3.2.2), and the subscription to the events by which authorizations end (5.4.2.2). What is there
/// already is kept, or brought up to date; so it may be run again at any time.
/// </summary>
public sealed class AefRegistrar
{
    private static readonly ImmutableArray<ApiProviderFuncRole> Roles = [ApiProviderFuncRole.Amf, ApiProviderFuncRole.Apf, ApiProviderFuncRole.Aef];

    private readonly AefConfiguration _configuration;
    private readonly CoreFunctionAddress _core;
    private readonly X509Certificate2Collection _roots = [];
    private readonly Func<string, Task> _tell;

    /// <summary>A registrar for this configuration.</summary>
    /// <param name="configuration">The configuration; it must say where the core function is.</param>
    /// <param name="tell">Is told each thing that was done.</param>
    /// <exception cref="AefConfigurationException">There is no core function's address, or no root certificate.</exception>
    public AefRegistrar(AefConfiguration configuration, Func<string, Task> tell)
    {
        _configuration = configuration;
        _tell = tell;
        _core = configuration.Core ?? throw new AefConfigurationException("core: is missing; give address and root of the core function.");
        try
        {
            _roots.ImportFromPemFile(_core.Root);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new AefConfigurationException($"core.root {_core.Root}: cannot be read ({fault.Message}); take it from the core function: capif pki root.", fault);
        }
    }

    /// <summary>Asks the enrolment listener for an enrolment credential (docs/enrolment.md).</summary>
    /// <exception cref="AefConfigurationException">It refuses, or cannot be reached.</exception>
    public async Task<string> GetCredentialAsync(Uri enrolment, string userName, string password, CancellationToken cancellationToken)
    {
        using var client = Client(enrolment, certificate: null, chain: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/getauth");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
        using var answer = await SendAsync(client, request, HttpStatusCode.OK, cancellationToken);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        return body.RootElement.GetProperty("access_token").GetString() ?? throw new AefConfigurationException($"{enrolment}: gave no credential.");
    }

    /// <summary>Does what is missing.</summary>
    /// <param name="credential">Gives the enrolment credential; asked only where there is no registration yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AefConfigurationException">The core function refuses something, or cannot be reached.</exception>
    public async Task<AefRegistration> RegisterAsync(Func<Task<string>> credential, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_configuration.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var registration = AefRegistration.Read(_configuration.Folder);
        if (registration is null)
        {
            registration = await RegisterDomainAsync(await credential(), cancellationToken);
            await _tell($"registered API provider domain {registration.ApiProvDomId}, AEF {registration.AefId}");
        }

        foreach (var api in _configuration.ServiceApis)
            registration = await PublishAsync(registration, api, cancellationToken);
        return await SubscribeAsync(registration, cancellationToken);
    }

    private async Task<AefRegistration> RegisterDomainAsync(string credential, CancellationToken cancellationToken)
    {
        var details = new ApiProviderEnrolmentDetails
        {
            RegSec = credential,
            ApiProvDomInfo = _configuration.Listen.Host,
            SuppFeat = SupportedFeatures.Of(),
            ApiProvFuncs =
            [
                .. Roles.Select(role => new ApiProviderFunctionDetails
                {
                    ApiProvFuncRole = role,
                    ApiProvFuncInfo = $"{WireNames.Of(role)} of {_configuration.Listen.Host}",
                    RegInfo = new RegistrationInformation { ApiProvPubKey = SigningRequest(role) },
                }),
            ],
        };
        using var client = Client(_core.Address, certificate: null, chain: null);
        using var request = Post("/api-provider-management/v1/registrations", WireJson.SerializeToUtf8Bytes(details));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var answer = await SendAsync(client, request, HttpStatusCode.Created, cancellationToken);
        var registered = await ReadAsync<ApiProviderEnrolmentDetails>(answer, cancellationToken);
        var ids = new Dictionary<ApiProviderFuncRole, string>();
        foreach (var function in registered.ApiProvFuncs ?? [])
        {
            if (function is not { ApiProvFuncId: { } id, RegInfo.ApiProvCert: { } pem })
                throw new AefConfigurationException($"the core function did not register the {WireNames.Of(function.ApiProvFuncRole)}: {registered.FailReason}");
            DurableFile.Replace(FileOf(function.ApiProvFuncRole, ".pem"), Encoding.ASCII.GetBytes(pem));
            ids[function.ApiProvFuncRole] = id;
        }

        var registration = new AefRegistration
        {
            ApiProvDomId = registered.ApiProvDomId ?? throw new AefConfigurationException("the core function gave no apiProvDomId."),
            AmfId = ids[ApiProviderFuncRole.Amf],
            ApfId = ids[ApiProviderFuncRole.Apf],
            AefId = ids[ApiProviderFuncRole.Aef],
        };
        registration.Write(_configuration.Folder);
        return registration;
    }

    private async Task<AefRegistration> PublishAsync(AefRegistration registration, ExposedApi api, CancellationToken cancellationToken)
    {
        using var client = Client(ApiProviderFuncRole.Apf);
        var description = PublishedApi.Describe(api, registration.AefId, _configuration.Listen);
        var path = $"/published-apis/v1/{registration.ApfId}/service-apis";
        if (registration.ServiceApis.TryGetValue(api.ApiName, out var apiId))
        {
            using var change = new HttpRequestMessage(HttpMethod.Put, $"{path}/{apiId}") { Content = Json(WireJson.SerializeToUtf8Bytes(description with { ApiId = apiId })) };
            using var changed = await SendAsync(client, change, HttpStatusCode.OK, cancellationToken);
            await _tell($"updated service API {api.ApiName} {apiId}");
            return registration;
        }

        using var request = Post(path, WireJson.SerializeToUtf8Bytes(description));
        using var answer = await SendAsync(client, request, HttpStatusCode.Created, cancellationToken);
        var published = await ReadAsync<ServiceApiDescription>(answer, cancellationToken);
        var after = registration with { ServiceApis = registration.ServiceApis.SetItem(api.ApiName, published.ApiId!) };
        after.Write(_configuration.Folder);
        await _tell($"published service API {api.ApiName} {published.ApiId}");
        return after;
    }

    private async Task<AefRegistration> SubscribeAsync(AefRegistration registration, CancellationToken cancellationToken)
    {
        // 29.222 8.3.6: Enhanced_event_report, since a notification without detail names nobody.
        const int EnhancedEventReport = 3;
        var subscription = new EventSubscription
        {
            Events =
            [
                CapifEvent.ApiInvokerOffboarded, CapifEvent.ApiInvokerAuthorizationRevoked,
                CapifEvent.AccessControlPolicyUpdate, CapifEvent.AccessControlPolicyUnavailable,
            ],
            NotificationDestination = new UriBuilder(
                Uri.UriSchemeHttps, _configuration.Listen.Host, _configuration.Listen.PublicPort ?? _configuration.Listen.Port, Events.NotificationEndpoint.Path).Uri.AbsoluteUri,
            SupportedFeatures = SupportedFeatures.Of(EnhancedEventReport),
        };
        using var client = Client(ApiProviderFuncRole.Aef);
        var path = $"/capif-events/v1/{registration.AefId}/subscriptions";
        if (registration.SubscriptionId is { } subscriptionId)
        {
            using var change = new HttpRequestMessage(HttpMethod.Put, $"{path}/{subscriptionId}") { Content = Json(WireJson.SerializeToUtf8Bytes(subscription)) };
            using var changed = await SendAsync(client, change, HttpStatusCode.OK, cancellationToken);
            return registration;
        }

        using var request = Post(path, WireJson.SerializeToUtf8Bytes(subscription));
        using var answer = await SendAsync(client, request, HttpStatusCode.Created, cancellationToken);
        var location = answer.Headers.Location?.AbsolutePath ?? "";
        var after = registration with { SubscriptionId = location[(location.LastIndexOf('/') + 1)..] };
        after.Write(_configuration.Folder);
        await _tell($"subscribed to the events by which authorizations end, at {subscription.NotificationDestination}");
        return after;
    }

    /// <summary>A request by the function's key, which is made if there is none.</summary>
    private string SigningRequest(ApiProviderFuncRole role)
    {
        var file = FileOf(role, ".key");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(file))
            key.ImportFromPem(File.ReadAllText(file));
        else
            DurableFile.Replace(file, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        return new CertificateRequest($"CN={WireNames.Of(role)}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    private string FileOf(ApiProviderFuncRole role, string ending) =>
        Path.Combine(_configuration.Folder, WireNames.Of(role).ToLowerInvariant() + ending);

    private HttpClient Client(ApiProviderFuncRole role)
    {
        var (certificate, chain) = AefIdentity.ReadCertificate(FileOf(role, ".pem"), FileOf(role, ".key"));
        return Client(_core.Address, certificate, chain);
    }

    private HttpClient Client(Uri address, X509Certificate2? certificate, X509Certificate2Collection? chain) =>
        new(HttpCoreFunction.CreateHandler(_roots, certificate, chain)) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    private static HttpRequestMessage Post(string path, byte[] json) => new(HttpMethod.Post, path) { Content = Json(json) };

    private static ByteArrayContent Json(byte[] json) => new(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpRequestMessage request, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await client.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new AefConfigurationException($"{client.BaseAddress}: cannot be reached ({fault.Message}).", fault);
        }

        if (answer.StatusCode == expected)
            return answer;
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new AefConfigurationException($"{request.Method} {client.BaseAddress?.GetLeftPart(UriPartial.Authority)}{request.RequestUri?.OriginalString}: {(int)answer.StatusCode} {text}");
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
        where T : class =>
        WireValidator.TryRead<T>(await answer.Content.ReadAsByteArrayAsync(cancellationToken), out var value, out var fault)
            ? value
            : throw new AefConfigurationException($"the core function's answer is not as TS 29.222 has it: {fault.Detail}");
}
