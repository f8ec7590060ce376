using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Interfaces.Tests.Json;

/// <summary>RFC 7396: its appendix, and what a patch of a record must not do.</summary>
public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"a":"foo"}""", """null""", null)]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Appendix_A(string target, string patch, string? result) =>
        Assert.Equal(result, MergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch))?.ToJsonString());

    [Fact]
    public void Record_IsPatched_AndNamesWhatWasTouched()
    {
        var target = new ServiceApiDescription { ApiName = "a", Description = "old", CcfId = "c" };
        Assert.True(MergePatch.TryApply(target, Bytes("""{"description":"new","ccfId":null}"""), out var result, out var touched, out _));
        Assert.Equal("new", result.Description);
        Assert.Null(result.CcfId);
        Assert.Equal("description ccfId", string.Join(' ', touched));
    }

    [Theory]
    [InlineData("""{"apiName":null}""")]
    [InlineData("""{"description":7}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void PatchThatWouldBreakTheRecord_IsRefused(string patch)
    {
        var target = new ServiceApiDescription { ApiName = "a" };
        Assert.False(MergePatch.TryApply(target, Bytes(patch), out _, out _, out var refusal));
        Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
