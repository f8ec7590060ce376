using CapifOrleans.Aef.Exposure;

namespace CapifOrleans.Aef.Tests.Exposure;

/// <summary>Targets that an upstream might read in another way than the AEF are refused; the others go on as they came.</summary>
public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/location/v1", "/location/v1", "")]
    [InlineData("/location/v1/", "/location/v1/", "")]
    [InlineData("/location/v1/a%20b;x=1/c?q=%2F..%5c&r", "/location/v1/a%20b;x=1/c", "?q=%2F..%5c&r")]
    [InlineData("/a/b.c/...", "/a/b.c/...", "")]
    [InlineData("/a?", "/a", "?")]
    [InlineData("/%C3%A9t%c3%a9", "/%C3%A9t%c3%a9", "")]
    public void Unambiguous_GoesOnAsItCame(string raw, string path, string query)
    {
        Assert.True(RequestTarget.TryRead(raw, out var target, out var reason), reason);
        Assert.Equal((path, query), (target.Path, target.Query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://elsewhere/location/v1")]
    [InlineData("location/v1")]
    [InlineData("//location/v1")]
    [InlineData("/location//v1")]
    [InlineData("/location/v1/../secret")]
    [InlineData("/location/v1/..")]
    [InlineData("/location/v1/./x")]
    [InlineData("/location/v1/%2e%2e/secret")]
    [InlineData("/location/v1/.%2E/secret")]
    [InlineData("/location/v1/..;x/secret")]
    [InlineData("/location/v1/%2e;/secret")]
    [InlineData("/location/v1/a%2Fb")]
    [InlineData("/location/v1/a%5cb")]
    [InlineData("/location/v1/a\\b")]
    [InlineData("/location/v1/a%00")]
    [InlineData("/location/v1/a%0d%0aX:1")]
    [InlineData("/location/v1/%252e%252e/x")]
    [InlineData("/location/v1/%")]
    [InlineData("/location/v1/%4")]
    [InlineData("/location/v1/%zz")]
    [InlineData("/location/v1/a b")]
    [InlineData("/location/v1/a#b")]
    [InlineData("/location/v1/é")]
    [InlineData("/location/v1?x=%")]
    public void Ambiguous_IsRefused(string raw)
    {
        Assert.False(RequestTarget.TryRead(raw, out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void TooLong_IsRefused() => Assert.False(RequestTarget.TryRead("/" + new string('a', 9_000), out _, out _));
}
