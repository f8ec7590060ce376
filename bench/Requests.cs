using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>Requests as they go over the wire, made before the clock starts.</summary>
internal static class Requests
{
    public static byte[] Get(Uri address, string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");

    public static byte[] Discovery(DemoRun run) =>
        Get(run.Target.Core, $"/service-apis/v1/allServiceAPIs?api-invoker-id={run.Invoker.Id}&api-name={run.ApiName}");

    public static byte[] SecurityInformation(DemoRun run) =>
        Get(run.Target.Core, $"/capif-security/v1/trustedInvokers/{run.Invoker.Id}?authenticationInfo=true&authorizationInfo=true");

    public static byte[] Token(DemoRun run) => Post(
        run.Target.Core,
        $"/capif-security/v1/securities/{run.Invoker.Id}/token",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        $"grant_type=client_credentials&client_id={run.Invoker.Id}&scope={Uri.EscapeDataString($"3gpp#{run.Aef.Id}:{run.ApiName}")}");

    /// <summary>An onboarding with a key of its own.</summary>
    public static byte[] Onboarding(Uri core, string credential)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=invoker", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return Post(
            core,
            "/api-invoker-management/v1/onboardedInvokers",
            $"Authorization: Bearer {credential}\r\nContent-Type: application/json\r\n",
            $$"""{"onboardingInformation":{"apiInvokerPublicKey":{{JsonSerializer.Serialize(csr)}}},"notificationDestination":"https://127.0.0.1:9/","supportedFeatures":"0"}""");
    }

    private static byte[] Post(Uri address, string path, string headers, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}");
}
