using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Client;
using CapifOrleans.Tls;
using SecurityMethod = CapifOrleans.Publish.SecurityMethod;

namespace CapifOrleans.Silo.Demo.ByMethod;

/// <summary>What must not work: a stranger's call, and everything after the offboarding (33.122 6.8).</summary>
internal static class RefusalSteps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A call without key, certificate and token, and one with a wrong one.</summary>
    public static async Task StrangerAsync(DemoRun run, Uri address, SecurityMethod method, string apiInvokerId, CancellationToken cancellationToken)
    {
        await run.Http.SendAsync(run.Nobody, new DemoRequest(
            "refused: nobody's call", "33.122 6.5.2", HttpMethod.Get, new Uri(address, "echo"), HttpStatusCode.Unauthorized), cancellationToken);
        if (method == SecurityMethod.Psk)
        {
            await run.CheckAsync("refused: another key under the same identity", "33.122 6.5.2.1", async () =>
            {
                using var http = new HttpClient(OpenSslHttp.CreateHandler(new OpenSslClientOptions
                {
                    TargetHost = address.IdnHost,
                    Psk = () => new PskCredential(Encoding.UTF8.GetBytes(apiInvokerId), RandomNumberGenerator.GetBytes(32)),
                }));
                try
                {
                    using var answer = await http.GetAsync(new Uri(address, "echo"), cancellationToken);
                }
                catch (HttpRequestException fault) when (Causes(fault).Any(one => one is AuthenticationException))
                {
                    return "the handshake fails";
                }

                throw new DemoFailure("a handshake with another key fails");
            });
        }
    }

    /// <summary>Offboards while another process of the same API invoker has a call under way; what is left is of no use.</summary>
    public static async Task OffboardAsync(
        DemoRun run, ApiInvoker invoker, ServiceApiDescription api, string stateFile, CancellationToken cancellationToken)
    {
        var copy = stateFile + ".copy";
        File.Copy(stateFile, copy);
        using var other = await ApiInvoker.LoadAsync(new ApiInvokerOptions { NotificationDestination = new Uri("https://127.0.0.1:9/"), StateFile = copy }, cancellationToken);
        using var http = other.CreateClient(api);
        using var underWay = await http.GetAsync(new Uri("wait", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        DemoFailure.Unless(underWay.StatusCode == HttpStatusCode.OK, $"a call that takes long begins; it was answered with {(int)underWay.StatusCode}");
        await using var body = await underWay.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadExactlyAsync(new byte[8], cancellationToken);
        await run.CheckAsync("offboard", "33.122 6.8 steps 2-5", async () =>
        {
            await invoker.OffboardAsync(cancellationToken);
            DemoFailure.Unless(!File.Exists(stateFile), "the API invoker's keys are deleted");
            return "204, keys and state file are gone";
        });
        await run.CheckAsync("another process's call under way is cut", "33.122 6.8 steps 7-9", async () =>
        {
            await ExpectEndAsync(body, cancellationToken);
            return "the AEF closed the connection";
        });
        await run.CheckAsync("refused: the same identity from a backup", "33.122 6.8", async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("echo", UriKind.Relative), cancellationToken);
            }
            catch (CapifException refused) when (refused.StatusCode == HttpStatusCode.Unauthorized)
            {
                return $"401 {refused.Cause}";
            }

            throw new DemoFailure("an offboarded API invoker gets no access");
        });
    }

    private static async Task ExpectEndAsync(Stream body, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            _ = await body.ReadAsync(new byte[1], timeout.Token);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or ObjectDisposedException)
        {
            // An end that is none of HTTP's is what is wanted.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoFailure($"the AEF ends the call within {Patience.TotalSeconds:F0} s");
        }
    }

    private static IEnumerable<Exception> Causes(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            yield return fault;
    }
}
