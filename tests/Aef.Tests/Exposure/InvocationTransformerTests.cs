using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.Exposure;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Aef.Tests.Exposure;

/// <summary>RFC 9110 7.6.1: what Connection names is for this hop only.</summary>
public sealed class InvocationTransformerTests
{
    [Theory]
    [InlineData("X-Nominated")]
    [InlineData("close, X-Nominated")]
    [InlineData("x-other,x-nominated")]
    public async Task FieldThatConnectionNames_EndsHere(string connection)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Headers.Connection = connection;
        http.Request.Headers["X-Nominated"] = "1";
        http.Request.Headers["X-Kept"] = "1";
        http.Features.Set(new Invocation
        {
            Api = new ServiceApi(new ExposedApi { ApiName = "location", Upstream = "http://127.0.0.1:1" }, "api-1", "v1"),
            Target = new RequestTarget("/location/v1/x", ""),
            Rest = "/x",
            ApiInvokerId = "invoker",
        });
        using var identity = TestIdentity.Create();
        using var request = new HttpRequestMessage();
        await new InvocationTransformer(identity).TransformRequestAsync(http, request, "http://127.0.0.1:1", default);
        Assert.False(request.Headers.Contains("X-Nominated"));
        Assert.True(request.Headers.Contains("X-Kept"));
        Assert.Equal("http://127.0.0.1:1/x", request.RequestUri?.OriginalString);
    }
}
