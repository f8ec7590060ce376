using System.Text;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.Grains.Tests.Events;

/// <summary>What a destination may do to a notification, over real TLS (29.222 5.4.2.4, 29.122 5.2.10).</summary>
public sealed class HttpNotificationSenderTests : IAsyncLifetime
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("""{"subscriptionId":"1"}""");
    private CapifHost _capif = null!;
    private HttpsReceiver _receiver = null!;
    private HttpNotificationSender _sender = null!;

    public async Task InitializeAsync()
    {
        _capif = await CapifHost.StartAsync();
        _receiver = await HttpsReceiver.StartAsync(_capif.Host.Services.GetRequiredService<ICertificateIssuer>());
        _sender = Sender(TimeSpan.FromSeconds(20));
    }

    public async Task DisposeAsync()
    {
        _sender.Dispose();
        await _receiver.DisposeAsync();
        await _capif.DisposeAsync();
    }

    [Fact]
    public async Task Taken_IsPostedAsJson_OverTlsOfOurOwnRoot()
    {
        Assert.True(await _sender.SendAsync(_receiver.Address, Json, default));
        Assert.Equal(new Received("POST", "/", "application/json", """{"subscriptionId":"1"}"""), await _receiver.NextAsync());
    }

    [Theory]
    [InlineData(302)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Refused_IsNotTaken_AndNothingIsFollowed(int status)
    {
        _receiver.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        Assert.False(await _sender.SendAsync(_receiver.Address, Json, default));
        Assert.Equal("/", (await _receiver.NextAsync()).Path);
        Assert.Equal(0, _receiver.Unread);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirected_IsPostedThereOnce_WithTheSameBody(int status)
    {
        _receiver.Answer = http =>
        {
            http.Response.StatusCode = http.Request.Path == "/there" ? 204 : status;
            http.Response.Headers.Location = "/there";
            return Task.CompletedTask;
        };
        Assert.True(await _sender.SendAsync(_receiver.Address, Json, default));
        var first = await _receiver.NextAsync();
        Assert.Equal(first with { Path = "/there" }, await _receiver.NextAsync());
    }

    [Fact]
    public async Task RedirectedInACircle_EndsAfterTheSecond()
    {
        _receiver.Answer = http =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = "/";
            return Task.CompletedTask;
        };
        Assert.False(await _sender.SendAsync(_receiver.Address, Json, default));
        Assert.Equal(2, _receiver.Unread);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("ftp")]
    public async Task RedirectedOutOfTls_IsNotFollowed(string scheme)
    {
        _receiver.Answer = http =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = $"{scheme}://127.0.0.1:{_receiver.Address.Port}/plain";
            return Task.CompletedTask;
        };
        Assert.False(await _sender.SendAsync(_receiver.Address, Json, default));
        Assert.Equal(1, _receiver.Unread);
    }

    [Fact]
    public async Task Hanging_EndsWithTheAttemptsTime()
    {
        using var impatient = Sender(TimeSpan.FromMilliseconds(300));
        _receiver.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        Assert.False(await impatient.SendAsync(_receiver.Address, Json, default).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Refusing_IsNotTaken()
    {
        var closed = await HttpsReceiver.StartAsync(_capif.Host.Services.GetRequiredService<ICertificateIssuer>());
        await closed.DisposeAsync();
        Assert.False(await _sender.SendAsync(closed.Address, Json, default));
    }

    [Fact]
    public async Task ForeignCertificate_GetsNothing()
    {
        await using var foreign = await HttpsReceiver.StartAsync(issuer: null);
        Assert.False(await _sender.SendAsync(foreign.Address, Json, default));
        Assert.Equal(0, foreign.Unread);
    }

    [Fact]
    public async Task PrivateAddress_IsRefused_WhereOnlyPublicOnesAreAllowed()
    {
        using var sender = new HttpNotificationSender(
            new NotificationOptions { AllowPrivateDestinations = false },
            _capif.Host.Services.GetRequiredService<CertificateAuthorityStore>(),
            NullLogger<HttpNotificationSender>.Instance);
        Assert.False(await sender.SendAsync(_receiver.Address, Json, default));
        Assert.Equal(0, _receiver.Unread);
    }

    private HttpNotificationSender Sender(TimeSpan attempt) => new(
        new NotificationOptions { AttemptTimeout = attempt },
        _capif.Host.Services.GetRequiredService<CertificateAuthorityStore>(),
        NullLogger<HttpNotificationSender>.Instance);
}
