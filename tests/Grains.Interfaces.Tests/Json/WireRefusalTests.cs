using System.Text.Json.Nodes;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Interfaces.Tests.Json;

/// <summary>Every attribute of every wire record: missing where it must be there, of every wrong type, past each bound. The refusal names it, and it alone.</summary>
public sealed class WireRefusalTests
{
    public static TheoryData<string, string> Attributes => Where(_ => true);

    public static TheoryData<string, string> RequiredAttributes => Where(attribute => attribute.IsRequired);

    public static TheoryData<string, string> BoundedAttributes => Where(attribute => OutOfBounds(attribute).Any());

    [Theory]
    [MemberData(nameof(RequiredAttributes))]
    public void ARequiredAttributeThatIsMissing_IsNamed(string record, string name)
    {
        var (type, attribute) = Find(record, name);
        var document = WireSamples.Smallest(type);
        document.Remove(attribute.Name);

        var refusal = Refuse(type, document);

        Assert.Equal("MANDATORY_IE_MISSING", refusal.Cause);
        Assert.Equal([name], refusal.InvalidParams.Select(fault => fault.Param).Where(param => param != "(body)"));
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void AnAttributeOfAnotherType_IsNamed(string record, string name)
    {
        var (type, attribute) = Find(record, name);
        foreach (var wrong in WrongTypes(attribute.Type.Kind))
        {
            var document = WireSamples.Smallest(type, attribute);
            document[name] = wrong?.DeepClone();

            var refusal = Refuse(type, document);

            Assert.Equal(attribute.IsRequired ? "MANDATORY_IE_INCORRECT" : "OPTIONAL_IE_INCORRECT", refusal.Cause);
            Assert.Equal([name], refusal.InvalidParams.Select(fault => fault.Param));
        }
    }

    [Theory]
    [MemberData(nameof(BoundedAttributes))]
    public void AnAttributePastItsBound_IsNamed(string record, string name)
    {
        var (type, attribute) = Find(record, name);
        foreach (var wrong in OutOfBounds(attribute))
        {
            var document = WireSamples.Smallest(type, attribute);
            document[name] = wrong.DeepClone();

            Assert.Equal([name], Refuse(type, document).InvalidParams.Select(fault => fault.Param));
        }
    }

    public static TheoryData<string, string, string> Variants
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var type in WireSamples.Records.Select(WireType.Of))
            {
                foreach (var variant in type.Variants)
                {
                    foreach (var name in variant.Required)
                        data.Add(type.Type.FullName!, variant.Value, name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void WhatAKindOfRecordMustHave_IsNamed(string record, string kind, string name)
    {
        var (type, _) = Find(record, name);
        var document = WireSamples.Smallest(type);
        foreach (var attribute in type.Variants.SelectMany(one => one.Names).Distinct())
            document[attribute] = WireSamples.Smallest(type, type.Find(attribute))[attribute]!.DeepClone();
        document[type.Variants[0].Discriminator] = kind;
        Assert.Null(WireRoundTripTests.Read(type.Type, document).Refusal);
        document.Remove(name);

        var refusal = Refuse(type, document);

        Assert.Equal("MANDATORY_IE_MISSING", refusal.Cause);
        Assert.Equal([name], refusal.InvalidParams.Select(fault => fault.Param));
    }

    private static Refusal Refuse(WireType type, JsonObject document)
    {
        var (_, refusal) = WireRoundTripTests.Read(type.Type, document);
        Assert.True(refusal is not null, $"{document.ToJsonString()} was taken.");
        Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
        return refusal;
    }

    private static IEnumerable<JsonNode?> WrongTypes(WireKind kind)
    {
        yield return null;
        if (kind == WireKind.Any)
            yield break;
        if (kind != WireKind.Record)
            yield return new JsonObject();
        if (kind != WireKind.Array)
            yield return new JsonArray();
        if (kind != WireKind.Boolean)
            yield return true;
        if (kind is not (WireKind.Integer or WireKind.Number))
            yield return 7;
        if (kind == WireKind.Integer)
            yield return 1.5;
        if (kind != WireKind.Text)
            yield return "no such value";
    }

    private static IEnumerable<JsonNode> OutOfBounds(WireAttribute attribute)
    {
        if (attribute.MinItems > 0)
            yield return new JsonArray();
        if (attribute.MaxItems < int.MaxValue)
            yield return new JsonArray([.. Enumerable.Range(0, attribute.MaxItems + 1).Select(_ => (JsonNode)WireSamples.Smallest(attribute.Type.Item!))]);
        var isNumber = attribute.Type.Kind is WireKind.Integer or WireKind.Number;
        if (isNumber && attribute.Minimum > long.MinValue)
            yield return attribute.Minimum - 1;
        if (isNumber && attribute.Maximum < long.MaxValue)
            yield return attribute.Maximum + 1;
        if (attribute.Pattern is { } pattern && new[] { "\u0001 \u20ac", "" }.FirstOrDefault(text => !pattern.IsMatch(text)) is { } unlike)
            yield return unlike;
        if (attribute.IsCallbackUri)
            yield return "ftp://a.test/";
    }

    private static TheoryData<string, string> Where(Func<WireAttribute, bool> condition)
    {
        var data = new TheoryData<string, string>();
        foreach (var type in WireSamples.Records)
        {
            foreach (var attribute in WireType.Of(type).Attributes.Where(condition))
                data.Add(type.FullName!, attribute.Name);
        }

        return data;
    }

    private static (WireType Type, WireAttribute Attribute) Find(string record, string name)
    {
        var type = WireType.Of(WireSamples.Records.Single(one => one.FullName == record));
        return (type, type.Find(name)!);
    }
}
