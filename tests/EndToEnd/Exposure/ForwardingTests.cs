using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.EndToEnd.Exposure;

/// <summary>RFC 9110 7.6: what goes on to the service and what ends at the AEF, and what becomes of failures at either end.</summary>
[Collection(nameof(AefCollection))]
public sealed class ForwardingTests(AefFixture aef) : IAsyncLifetime
{
    private AefInvoker _invoker = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _invoker = await AefInvoker.NegotiateAsync(aef, "OAUTH");
        _token = await _invoker.TokenAsync();
    }

    public Task DisposeAsync()
    {
        _invoker.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task HopByHopFields_AndClaims_EndAtTheAef()
    {
        var (status, _) = await RawAsync(
            "GET", "things/hops", "Connection: close\r\nKeep-Alive: timeout=5\r\nProxy-Authorization: Basic eA==\r\nTE: trailers\r\n"
            + "Upgrade: h2c\r\nX-Kept: 1\r\nCAPIF-API-Invoker-Id: admin\r\nCAPIF-Scope: all\r\nX-Forwarded-For: 10.0.0.1\r\nForwarded: for=10.0.0.2\r\nExpect: nothing\r\n");
        Assert.Contains("200", status, StringComparison.Ordinal);
        var seen = aef.Upstream.Requests.Last(one => one.Target.EndsWith("/hops", StringComparison.Ordinal));
        Assert.Equal("1", seen.Headers["X-Kept"]);
        Assert.Equal(_invoker.Id, seen.Headers["CAPIF-API-Invoker-Id"]);
        Assert.StartsWith("3gpp#", seen.Headers["CAPIF-Scope"], StringComparison.Ordinal);
        Assert.StartsWith("for=127.0.0.1;", seen.Headers["Forwarded"], StringComparison.Ordinal);
        Assert.Equal($"1.1 {aef.Identity.AefId}", seen.Headers["Via"]);
        foreach (var gone in new[] { "Keep-Alive", "Proxy-Authorization", "TE", "Upgrade", "Connection", "X-Forwarded-For", "Authorization", "Expect" })
            Assert.False(seen.Headers.ContainsKey(gone), $"{gone} of {string.Join(", ", seen.Headers)}");
    }

    [Fact]
    public async Task FieldThatConnectionNames_EndsAtTheAef()
    {
        using var http = _invoker.TokenHttp(_token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "things/nominated");
        request.Headers.Connection.Add("X-Nominated");
        request.Headers.Add("X-Nominated", "1");
        request.Headers.Add("X-Kept", "1");
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request)).StatusCode);
        var seen = aef.Upstream.Requests.Last(one => one.Target.EndsWith("/nominated", StringComparison.Ordinal));
        Assert.Equal((false, true), (seen.Headers.ContainsKey("X-Nominated"), seen.Headers.ContainsKey("X-Kept")));
    }

    [Fact]
    public async Task HopByHopFieldsOfTheAnswer_EndAtTheAef_AndLocationsAreItsOwn()
    {
        aef.Upstream.Answers["created"] = http =>
        {
            http.Response.StatusCode = StatusCodes.Status201Created;
            http.Response.Headers.Connection = "X-Private";
            http.Response.Headers["X-Private"] = "1";
            http.Response.Headers["X-Public"] = "1";
            http.Response.Headers.Location = new Uri(aef.Upstream.Address, "/inner/v1/things/7?x=1").AbsoluteUri;
            http.Response.Headers.ContentLocation = "/inner/v1/things/7";
            return Task.CompletedTask;
        };
        using var http = _invoker.TokenHttp(_token);
        using var answer = await http.PostAsync(new Uri("things/created", UriKind.Relative), new StringContent("{}"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(new Uri(aef.Address, "things/7?x=1"), answer.Headers.Location);
        Assert.Equal($"/{AefFixture.ApiName}/v1/things/7", answer.Content.Headers.ContentLocation?.OriginalString);
        Assert.False(answer.Headers.Contains("X-Private"));
        Assert.True(answer.Headers.Contains("X-Public"));
        Assert.Equal($"1.1 {aef.Identity.AefId}", answer.Headers.Via.ToString());
    }

    [Theory]
    [InlineData("things/../../../other")]
    [InlineData("things/%2e%2e/other")]
    [InlineData("things%2Fother")]
    [InlineData("things//other")]
    public async Task PathsThatCouldBeReadInTwoWays_AreRefused(string path)
    {
        var before = aef.Upstream.Requests.Count;
        var (status, _) = await RawAsync("GET", path, "Connection: close\r\n");
        Assert.Contains("400", status, StringComparison.Ordinal);
        Assert.Equal(before, aef.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("Content-Length: 3\r\nContent-Length: 4\r\n", "abc")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, x\r\n", "0\r\n\r\n")]
    [InlineData("Content-Length: -1\r\n", "")]
    [InlineData("Content-Length : 3\r\n", "abc")]
    public async Task SmuggledRequests_AreRefused(string headers, string body)
    {
        var before = aef.Upstream.Requests.Count;
        var (status, _) = await RawAsync("POST", "things", headers + "Connection: close\r\n", body);
        Assert.Contains("400", status, StringComparison.Ordinal);
        Assert.Equal(before, aef.Upstream.Requests.Count);
    }

    [Fact]
    public async Task BothLengths_ReachTheServiceAsOneRequest()
    {
        var (_, text) = await RawAsync(
            "POST", "things/both", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n",
            $"0\r\n\r\nGET /{AefFixture.ApiName}/v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.DoesNotContain(aef.Upstream.Requests, one => one.Target.EndsWith("/smuggled", StringComparison.Ordinal));
        Assert.Single(text.Split("HTTP/1.1 "), part => part.StartsWith("200", StringComparison.Ordinal) || part.StartsWith("400", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RequestBody_ReachesTheServiceBeforeItEnds()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        aef.Upstream.Answers["upload"] = async http =>
        {
            var buffer = new byte[64];
            first.SetResult(Encoding.ASCII.GetString(buffer, 0, await http.Request.Body.ReadAsync(buffer)));
            await http.Request.Body.CopyToAsync(Stream.Null);
        };
        await using var tls = await ConnectAsync();
        await tls.WriteAsync(Encoding.ASCII.GetBytes(Head("POST", "things/upload", "Transfer-Encoding: chunked\r\nConnection: close\r\n")));
        // More than the few kilobytes that are gathered before they are sent off.
        await tls.WriteAsync(Encoding.ASCII.GetBytes("10000\r\nfirst" + new string('x', 65_531) + "\r\n"));
        Assert.StartsWith("first", await first.Task.WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
        await tls.WriteAsync("0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(tls, Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswersBody_ReachesTheCallerBeforeItEnds()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        aef.Upstream.Answers["download"] = async http =>
        {
            await http.Response.WriteAsync("first");
            await http.Response.Body.FlushAsync();
            await goOn.Task;
            await http.Response.WriteAsync("second");
        };
        using var http = _invoker.TokenHttp(_token);
        using var answer = await http.GetAsync(new Uri("things/download", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[64];
        Assert.Equal("first", Encoding.ASCII.GetString(buffer, 0, await body.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(60))));
        goOn.SetResult();
        Assert.Equal("second", await new StreamReader(body).ReadToEndAsync());
    }

    [Fact]
    public async Task CallerThatGoesAway_EndsTheServicesPart()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        aef.Upstream.Answers["wait"] = async http =>
        {
            http.RequestAborted.Register(ended.SetResult);
            began.SetResult();
            await ended.Task;
        };
        using var http = _invoker.TokenHttp(_token);
        using var leave = new CancellationTokenSource();
        var call = http.GetAsync(new Uri("things/wait", UriKind.Relative), leave.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await leave.CancelAsync();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task ServiceThatBreaksOff_Is502()
    {
        aef.Upstream.Answers["break"] = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        using var http = _invoker.TokenHttp(_token);
        await AefInvoker.RefusedAsync(await http.GetAsync(new Uri("things/break", UriKind.Relative)), HttpStatusCode.BadGateway, "UPSTREAM_FAILURE");
    }

    [Fact]
    public async Task OtherPaths_AreNotFound()
    {
        using var http = _invoker.TokenHttp(_token);
        foreach (var path in new[] { "/", "/other/v1/x", $"/{AefFixture.ApiName}/v2/x", "/capif-notifications/v1/other" })
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Http2_IsServed_AsCurlSpeaksIt()
    {
        var (exit, output) = await Curl.RunAsync(
            $"--http2 --cacert {aef.Core.Core.RootFile} -H \"Authorization: Bearer {_token}\" -w \" %{{http_version}}\" https://localhost:{aef.Aef.Port}/{AefFixture.ApiName}/v1/things");
        Assert.True(exit == 0, output);
        Assert.Equal("GET /inner/v1/things 2", output);
    }

    private string Head(string method, string path, string headers) =>
        $"{method} /{AefFixture.ApiName}/v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_token}\r\n{headers}\r\n";

    private async Task<SslStream> ConnectAsync()
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, aef.Aef.Port);
        var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(aef.Core.Run.Nobody.Tls("localhost"));
        return tls;
    }

    private async Task<(string StatusLine, string Text)> RawAsync(string method, string path, string headers, string body = "")
    {
        await using var tls = await ConnectAsync();
        await tls.WriteAsync(Encoding.ASCII.GetBytes(Head(method, path, headers) + body));
        using var reader = new StreamReader(tls, Encoding.ASCII);
        var text = await reader.ReadToEndAsync();
        return (text.Split("\r\n")[0], text);
    }
}
