using System.Collections.Concurrent;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CapifOrleans.Security;
using CapifOrleans.Tls.Tests;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Client.Tests.Foreign;

/// <summary>A core function that is not this project's: what the standard says an API invoker meets, and nothing else.</summary>
public sealed class ForeignCore : ForeignServer
{
    private readonly TestPki _pki;
    private int _count;

    private ForeignCore(TestPki pki) => _pki = pki;

    /// <summary>The credential that it wants for an onboarding.</summary>
    public const string Credential = "enrolment-credential";

    public const string OnboardSecret = "onboard-secret";

    /// <summary>Chooses among the preferred methods; null for none.</summary>
    public Func<string, IReadOnlyList<string>, string?> Select { get; set; } = (_, preferred) => preferred[0];

    /// <summary>What is in authenticationInfo; null leaves it out.</summary>
    public Func<string, string?> AuthenticationInfo { get; set; } = id => $$"""{"pskIdentity":"{{id}}","validityTime":3600}""";

    public long TokenLifetime { get; set; } = 600;

    /// <summary>The methods in force and keys, by AEF, of the one API invoker that a test has.</summary>
    public ConcurrentDictionary<string, (string Method, byte[]? Key)> Context { get; } = new();

    public ConcurrentDictionary<string, bool> Tokens { get; } = new();

    /// <summary>The DiscoveredAPIs that it answers with.</summary>
    public JsonNode Discovered { get; set; } = new JsonObject();

    public static async Task<ForeignCore> StartAsync(TestPki pki)
    {
        var core = new ForeignCore(pki);
        await core.StartAsync(pki, psk: null);
        return core;
    }

    public EnrolmentInformation Enrolment(string credential = Credential) => new() { Core = Address, Roots = [_pki.Root], Credential = credential };

    public IEnumerable<SeenRequest> Negotiations => Requests.Where(one => one.Path.StartsWith("/capif-security/v1/trustedInvokers/", StringComparison.Ordinal));

    public IEnumerable<SeenRequest> TokenRequests => To("/token");

    /// <summary>What it answers to an onboarding of this public key or request.</summary>
    public JsonObject Onboarded(string publicKey)
    {
        var key = publicKey.Contains("REQUEST", StringComparison.Ordinal)
            ? CertificateRequest.LoadSigningRequestPem(publicKey, HashAlgorithmName.SHA256).PublicKey
            : PublicKey.CreateFromSubjectPublicKeyInfo(FromPem(publicKey), out _);
        var id = $"invoker-{Interlocked.Increment(ref _count)}";
        using var certificate = _pki.Issue(key, id, "1.3.6.1.5.5.7.3.2");
        return new JsonObject
        {
            ["apiInvokerId"] = id,
            ["onboardingInformation"] = new JsonObject
            {
                ["apiInvokerPublicKey"] = publicKey,
                ["apiInvokerCertificate"] = certificate.ExportCertificatePem() + "\n" + _pki.Issuer.ExportCertificatePem(),
                ["onboardingSecret"] = OnboardSecret,
            },
            ["notificationDestination"] = "https://invoker.example/",
            ["anAttributeOfALaterRelease"] = 1,
        };
    }

    protected override Task AnswerAsync(HttpContext http, SeenRequest request)
    {
        if (request.Path == "/api-invoker-management/v1/onboardedInvokers")
            return OnboardAsync(http, request);
        // Mutual TLS for everything else (29.222 10.2).
        if (request.ClientCertificate is not { } subject || request.Authorization is not null)
            return ProblemAsync(http, 401, null);
        var id = subject["CN=".Length..];
        return (request.Method, request.Path) switch
        {
            ("DELETE", var path) when path == $"/api-invoker-management/v1/onboardedInvokers/on-{id}" => Gone(http),
            ("GET", "/service-apis/v1/allServiceAPIs") when request.Query.Contains($"api-invoker-id={id}", StringComparison.Ordinal) => JsonAsync(http, 200, Discovered),
            ("PUT", var path) when path == $"/capif-security/v1/trustedInvokers/{id}" => NegotiateAsync(http, request, id, 201),
            ("POST", var path) when path == $"/capif-security/v1/trustedInvokers/{id}/update" => Context.IsEmpty ? ProblemAsync(http, 404, null) : NegotiateAsync(http, request, id, 200),
            ("POST", var path) when path == $"/capif-security/v1/securities/{id}/token" => TokenAsync(http, request, id),
            _ => ProblemAsync(http, 404, null),
        };
    }

    private Task OnboardAsync(HttpContext http, SeenRequest request)
    {
        if (request.Authorization != $"Bearer {Credential}" || request.ClientCertificate is not null)
            return ProblemAsync(http, 401, "CREDENTIAL_INVALID");
        var answer = Onboarded(request.Json["onboardingInformation"]!["apiInvokerPublicKey"]!.GetValue<string>());
        // The standard does not say that it is the apiInvokerId.
        http.Response.Headers.Location = $"{Address}api-invoker-management/v1/onboardedInvokers/on-{answer["apiInvokerId"]!.GetValue<string>()}";
        return JsonAsync(http, 201, answer);
    }

    private Task NegotiateAsync(HttpContext http, SeenRequest request, string id, int status)
    {
        var body = request.Json;
        Context.Clear();
        foreach (var entry in body["securityInfo"]!.AsArray())
        {
            var aefId = entry!["aefId"]!.GetValue<string>();
            if (Select(aefId, [.. entry["prefSecurityMethods"]!.AsArray().Select(one => one!.GetValue<string>())]) is not { } method)
                continue;
            entry["selSecurityMethod"] = method;
            Context[aefId] = (method, method == "PSK" ? Derive(http, aefId) : null);
            if (method == "PSK" && AuthenticationInfo(id) is { } information)
                entry["authenticationInfo"] = information;
        }

        return JsonAsync(http, status, body);
    }

    private static byte[] Derive(HttpContext http, string aefId)
    {
        var session = Session(http);
        if (session.ProtocolVersion == SslProtocols.Tls12)
            return AefPsk.Derive(session.MasterSecret.Span, session.SessionId.Span, aefId);
        var exported = session.Export(AefPsk.ExporterLabel, AefPsk.ExporterLength);
        return AefPsk.Derive(exported.AsSpan(32), exported.AsSpan(0, 32), aefId);
    }

    private Task TokenAsync(HttpContext http, SeenRequest request, string id)
    {
        var form = request.Body.Split('&').Select(one => one.Split('=')).ToDictionary(one => one[0], one => Uri.UnescapeDataString(one[1].Replace('+', ' ')));
        if (form["grant_type"] != "client_credentials" || form["client_id"] != id || form["client_secret"] != OnboardSecret)
            return JsonAsync(http, 400, new JsonObject { ["error"] = "invalid_client" });
        if (!form["scope"].StartsWith("3gpp#", StringComparison.Ordinal) || !Context.TryGetValue(form["scope"][5..].Split(':')[0], out var entry) || entry.Method != "OAUTH")
            return JsonAsync(http, 400, new JsonObject { ["error"] = "invalid_scope", ["error_description"] = "not of the security context" });
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        Tokens[token] = true;
        return JsonAsync(http, 200, new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = TokenLifetime });
    }

    private static Task Gone(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static byte[] FromPem(string text)
    {
        var fields = PemEncoding.Find(text);
        return Convert.FromBase64String(text[fields.Base64Data]);
    }
}
