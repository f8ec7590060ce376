using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapifOrleans.Json;
using FsCheck;
using FsCheck.Fluent;

namespace CapifOrleans.Grains.Interfaces.Tests.Json;

/// <summary>Every wire record: what is valid is read, and goes out as it came (29.222 7.11, 29.500 6.6.2).</summary>
public sealed class WireRoundTripTests
{
    private static readonly MethodInfo Reader = typeof(WireRoundTripTests).GetMethod(nameof(ReadAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static TheoryData<string> Records => [.. WireSamples.Records.Select(type => type.FullName!)];

    [Fact]
    public void RecordsOfEveryApi_AreFound() => Assert.True(WireSamples.Records.Count > 40, $"{WireSamples.Records.Count} records");

    [Theory]
    [MemberData(nameof(Records))]
    public void WhatIsValid_IsReadAndGoesOutAsItCame(string name)
    {
        var type = WireSamples.Records.Single(one => one.FullName == name);
        var property = Prop.ForAll(WireSamples.Record(WireType.Of(type)).ToArbitrary(), document =>
        {
            var (value, refusal) = Read(type, document);
            Assert.True(refusal is null, $"{refusal?.Detail} in {document.ToJsonString()}");
            var written = JsonSerializer.SerializeToUtf8Bytes(value, type, WireJson.Options);
            Assert.True(JsonNode.DeepEquals(document, JsonNode.Parse(written)), $"{document.ToJsonString()} became {Encoding.UTF8.GetString(written)}");
            var again = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(written, type, WireJson.Options), type, WireJson.Options);
            Assert.Equal(written, again);
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), property);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void WhatNobodyKnows_IsIgnored(string name)
    {
        var type = WireSamples.Records.Single(one => one.FullName == name);
        var document = WireSamples.Smallest(WireType.Of(type));
        var more = (JsonObject)document.DeepClone();
        more["notOfThisRelease"] = new JsonObject { ["a"] = 1 };

        var (value, refusal) = Read(type, more);

        Assert.Null(refusal);
        Assert.True(JsonNode.DeepEquals(document, JsonSerializer.SerializeToNode(value, type, WireJson.Options)));
    }

    internal static (object? Value, Refusal? Refusal) Read(Type type, JsonNode document) =>
        ((object?, Refusal?))Reader.MakeGenericMethod(type).Invoke(null, [Encoding.UTF8.GetBytes(document.ToJsonString())])!;

    private static (object? Value, Refusal? Refusal) ReadAs<T>(byte[] utf8)
        where T : class => WireValidator.TryRead<T>(utf8, out var value, out var refusal) ? (value, null) : (null, refusal);
}
