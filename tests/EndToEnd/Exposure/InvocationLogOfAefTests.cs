using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CapifOrleans.AccessControl;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>29.222 5.8: each invocation is logged once, whatever happens to the core function or the AEF meanwhile; policies hold (23.222 8.17).</summary>
[Collection(nameof(AefCollection))]
public sealed class InvocationLogOfAefTests(AefFixture aef)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Invocation_IsLogged_WithWhatItWas()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PKI");
        using var http = invoker.Http(invoker.Certificate);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things/9?secret=1", UriKind.Relative))).StatusCode);
        var entry = Assert.Single(await LogsAsync(invoker, 1));
        Assert.Equal(
            (aef.ApiId, AefFixture.ApiName, "v1", "things", $"/{AefFixture.ApiName}/v1/things/9", "HTTP_1_1", "GET", "200"),
            (Text(entry, "apiId"), Text(entry, "apiName"), Text(entry, "apiVersion"), Text(entry, "resourceName"), Text(entry, "uri"), Text(entry, "protocol"),
                Text(entry, "operation"), Text(entry, "result")));
        Assert.Equal("127.0.0.1", Text(entry["srcInterface"]!, "ipv4Addr"));
        Assert.NotNull(entry["invocationTime"]);
    }

    [Fact]
    public async Task CoreFunctionAway_AnswersLost_AefRestarted_EachInvocationIsLoggedOnce()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "PKI");
        using (var http = invoker.Http(invoker.Certificate))
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things/0", UriKind.Relative))).StatusCode);
            aef.Link.LosesAnswers = true;
            for (var number = 1; number < 10; number++)
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri($"things/{number}", UriKind.Relative))).StatusCode);
            // They get there, and the AEF does not hear of it: it sends them again.
            await LogsAsync(invoker, 10);
            aef.Link.IsCut = true;
            for (var number = 10; number < 20; number++)
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri($"things/{number}", UriKind.Relative))).StatusCode);
        }

        await aef.RestartAsync();
        Assert.True(aef.Aef.WaitingLogOctets > 0);
        (aef.Link.IsCut, aef.Link.LosesAnswers) = (false, false);
        var uris = (await LogsAsync(invoker, 20)).Select(entry => Text(entry, "uri")).ToList();
        Assert.Equal(20, uris.Distinct().Count());
        // Nothing waits any more, so that nothing can come a second time.
        await Eventually.HoldsAsync(() => Task.FromResult(aef.Aef.WaitingLogOctets <= 64), "no log waits");
        Assert.Equal(20, (await LogsAsync(invoker, 20)).Count);
    }

    [Fact]
    public async Task Policy_Holds_AndItsChangeIsHeardOf_23222_8_17()
    {
        using var invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        using var http = invoker.TokenHttp(await invoker.TokenAsync());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("things", UriKind.Relative))).StatusCode);
        await SetAsync(invoker, new ApiInvokerPolicy { ApiInvokerId = invoker.Id, AllowedTotalInvocations = 3 });
        await RefusedInTheEndAsync(http, HttpStatusCode.Forbidden, "OVERLIMIT_USAGE");
        await SetAsync(invoker, new ApiInvokerPolicy { ApiInvokerId = invoker.Id, AllowedInvocationsPerSecond = 0 });
        await RefusedInTheEndAsync(http, HttpStatusCode.TooManyRequests, "RATE_EXCEEDED");
    }

    private async Task SetAsync(AefInvoker invoker, ApiInvokerPolicy policy)
    {
        var setting = new PolicySetting { Subject = new PolicySubject { ApiId = aef.ApiId, ApiInvokerId = invoker.Id }, Policy = policy };
        Assert.Null((await aef.Core.Core.Administration.SetPolicyAsync(setting, default)).Refusal);
    }

    private static async Task RefusedInTheEndAsync(HttpClient http, HttpStatusCode status, string cause)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await http.GetAsync(new Uri("things", UriKind.Relative), patience.Token);
            if (answer.StatusCode == status)
            {
                await AefInvoker.RefusedAsync(answer, status, cause);
                return;
            }

            answer.Dispose();
        }
    }

    /// <summary>The logs of an API invoker, as the provider's management function audits them, once there are so many.</summary>
    private async Task<List<JsonNode>> LogsAsync(AefInvoker invoker, int count)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = AmfTls() }) { BaseAddress = aef.Core.Target.Core };
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await http.GetAsync(
                new Uri($"/logs/v1/apiInvocationLogs?api-invoker-id={invoker.Id}", UriKind.Relative), patience.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                var logs = (await CoreFixture.JsonAsync(answer))["logs"]!.AsArray();
                if (logs.Count >= count)
                    return [.. logs.Select(one => one!)];
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private SslClientAuthenticationOptions AmfTls()
    {
        var folder = aef.Configuration.Folder;
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "amf.pem"), Path.Combine(folder, "amf.key"));
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
        return new SslClientAuthenticationOptions
        {
            ClientCertificates = [certificate],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { aef.Core.Target.Root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
