using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Silo.Demo;

/// <summary>The API invoker leaves (33.122 6.8), and everything that must not work afterwards does not.</summary>
internal static class OffboardingSteps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(DemoRun run, NotificationReceiver receiver, CancellationToken cancellationToken)
    {
        // A second connection of the invoker, open and idle: the core function must tear it down as well.
        await using var idle = await DemoConnection.OpenAsync(run, run.Invoker, cancellationToken);
        await run.Http.SendAsync(run.Invoker, new DemoRequest(
            "offboard", "33.122 6.8 steps 2-4", HttpMethod.Delete,
            run.Core($"/api-invoker-management/v1/onboardedInvokers/{run.Invoker.Id}"), HttpStatusCode.NoContent), cancellationToken);
        await run.CheckAsync("its open TLS connection is torn down", "33.122 6.8 step 6", async () =>
        {
            await idle.ExpectEndAsync(Patience, cancellationToken);
            return "the peer closed the connection";
        });
        await run.CheckAsync("the AEF is told, and acknowledges", "33.122 6.8 steps 7-10", async () =>
        {
            var notification = await receiver.NextAsync(Patience, cancellationToken);
            DemoFailure.Unless(notification["events"]?.GetValue<string>() == "API_INVOKER_OFFBOARDED", "the event is API_INVOKER_OFFBOARDED");
            DemoFailure.Unless(
                notification["eventDetail"]?["apiInvokerIds"]?[0]?.GetValue<string>() == run.Invoker.Id, "the event names the apiInvokerId");
            return $"POST {receiver.Destination.AbsolutePath} API_INVOKER_OFFBOARDED";
        });
        await RefusedEverywhereAsync(run, cancellationToken);
    }

    private static async Task RefusedEverywhereAsync(DemoRun run, CancellationToken cancellationToken)
    {
        const HttpStatusCode Refused = HttpStatusCode.Unauthorized;
        await run.Http.SendAsync(run.Invoker, InvokerSteps.Discovery(run, "refused: discovery", Refused), cancellationToken);
        await run.Http.SendAsync(run.Invoker, InvokerSteps.Token(run, "refused: token", Refused), cancellationToken);
        await run.Http.SendAsync(run.Invoker, InvokerSteps.Negotiation(run, "refused: negotiation", Refused), cancellationToken);
        await run.Http.SendAsync(run.Invoker, new DemoRequest(
            "refused: offboarding again", "33.122 6.8", HttpMethod.Delete,
            run.Core($"/api-invoker-management/v1/onboardedInvokers/{run.Invoker.Id}"), Refused), cancellationToken);
        await run.Http.SendAsync(
            run.Aef, InvokerSteps.SecurityInformation(run, "unknown to the AEF's question", HttpStatusCode.NotFound), cancellationToken);
        var crl = await run.Http.SendAsync(run.Nobody, new DemoRequest(
            "fetch the revocation list", "RFC 5280 5", HttpMethod.Get, run.Core("/pki/issuing.crl"), HttpStatusCode.OK), cancellationToken);
        await run.CheckAsync("the certificate is on the revocation list", "33.122 6.8 step 3", () =>
        {
            var builder = CertificateRevocationListBuilder.Load(crl.Bytes, out _);
            DemoFailure.Unless(builder.RemoveEntry(Convert.FromHexString(run.Invoker.SerialNumber)), "the revocation list has the serial number");
            return Task.FromResult($"serial {run.Invoker.SerialNumber}");
        });
    }
}
