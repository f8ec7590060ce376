using System.Text;
using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Json;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interfaces.Tests.Json;

public sealed class WireValidatorTests
{
    private const string Api = """
        {"apiName":"a","aefProfiles":[{"aefId":"x","versions":[{"apiVersion":"v1","expiry":"2021-11-30T10:32:02.004000+00:00"}],
        "protocol":"HTTP_1_1","dataFormat":"JSON","securityMethods":["OAUTH"],"interfaceDescriptions":[{"ipv4Addr":"string","port":1}],
        "vendorSpecific-urn:x":{"k":[1,2.50,null]}}],"supportedFeatures":"020","vendorSpecific-y":"z","unknown":1}
        """;

    [Fact]
    public void Description_RoundTrips_WithDatesAndFeaturesAsTheyCame()
    {
        Assert.True(WireValidator.TryRead<ServiceApiDescription>(Bytes(Api), out var value, out _));
        var text = Encoding.UTF8.GetString(WireJson.SerializeToUtf8Bytes(value));
        Assert.Contains("\"2021-11-30T10:32:02.004000+00:00\"", text, StringComparison.Ordinal);
        Assert.Contains("\"supportedFeatures\":\"020\"", text, StringComparison.Ordinal);
        Assert.Contains("\"vendorSpecific-urn:x\":{\"k\":[1,2.50,null]}", text, StringComparison.Ordinal);
        Assert.Contains("\"vendorSpecific-y\":\"z\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"apiId\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFault_IsNamed()
    {
        const string Body = """{"apiProvFuncs":[{"regInfo":{},"apiProvFuncRole":"XYZ"},{"regInfo":7,"apiProvFuncRole":"AMF"}]}""";
        Assert.False(WireValidator.TryRead<ApiProviderEnrolmentDetails>(Bytes(Body), out _, out var refusal));
        Assert.Equal(
            "regSec, apiProvFuncs[0].regInfo.apiProvPubKey, apiProvFuncs[0].apiProvFuncRole, apiProvFuncs[1].regInfo",
            string.Join(", ", refusal.InvalidParams.Select(fault => fault.Param).OrderBy(name => name.StartsWith("regSec", StringComparison.Ordinal) ? 0 : 1)));
        Assert.Equal(ErrorKind.InvalidRequest, refusal.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{\"apiName\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"apiName\":\"a\",\"apiName\":\"b\"}")]
    [InlineData("[1,]")]
    [InlineData("// x\n{}")]
    [InlineData("nul")]
    public void NoJson_IsRefusedAsSuch(string body)
    {
        Assert.False(WireValidator.TryRead<ServiceApiDescription>(Bytes(body), out _, out var refusal));
        Assert.Equal("INVALID_MSG_FORMAT", refusal.Cause);
    }

    [Fact]
    public void BrokenUtf8_AndDeepNesting_AreRefused()
    {
        Assert.False(WireValidator.TryRead<ServiceApiDescription>(new byte[] { (byte)'"', 0xff, (byte)'"' }, out _, out _));
        var deep = new string('[', 5000) + new string(']', 5000);
        Assert.False(WireValidator.TryRead<ServiceApiDescription>(Bytes(deep), out _, out var refusal));
        Assert.Equal("INVALID_MSG_FORMAT", refusal.Cause);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    public void OtherThanAnObject_IsRefused(string body)
    {
        Assert.False(WireValidator.TryRead<ServiceSecurity>(Bytes(body), out _, out var refusal));
        Assert.Equal("(body)", Assert.Single(refusal.InvalidParams).Param);
    }

    [Theory]
    [InlineData("ftp://x/y")]
    [InlineData("/relative")]
    [InlineData("https://user@host/")]
    [InlineData("https://host/#f")]
    [InlineData("not a uri")]
    [InlineData("")]
    public void CallbackUri_MustBeOneThatCanBeSentTo(string uri)
    {
        var body = Bytes($$"""{"securityInfo":[{"aefId":"a","prefSecurityMethods":["PKI"]}],"notificationDestination":"{{uri}}"}""");
        Assert.False(WireValidator.TryRead<ServiceSecurity>(body, out _, out var refusal));
        Assert.Equal("notificationDestination", Assert.Single(refusal.InvalidParams).Param);
    }

    [Theory]
    [InlineData("""{"aefId":"a","interfaceDetails":{"ipv4Addr":"1.2.3.4"},"prefSecurityMethods":["PKI"]}""")]
    [InlineData("""{"prefSecurityMethods":["PKI"]}""")]
    public void ExactlyOneOf_IsChecked(string entry)
    {
        var body = Bytes($$"""{"securityInfo":[{{entry}}],"notificationDestination":"https://a/"}""");
        Assert.False(WireValidator.TryRead<ServiceSecurity>(body, out _, out var refusal));
        Assert.Equal("securityInfo[0]", Assert.Single(refusal.InvalidParams).Param);
    }

    [Fact]
    public void NumberOutOfBounds_IsRefused()
    {
        var body = Bytes(Api.Replace("\"port\":1", "\"port\":65536", StringComparison.Ordinal));
        Assert.False(WireValidator.TryRead<ServiceApiDescription>(body, out _, out var refusal));
        Assert.Equal("aefProfiles[0].interfaceDescriptions[0].port", Assert.Single(refusal.InvalidParams).Param);
    }

    [Fact]
    public void EmptyArray_WhereItemsAreWanted_IsRefused()
    {
        var body = Bytes("""{"events":[],"notificationDestination":"https://a/"}""");
        Assert.False(WireValidator.TryRead<EventSubscription>(body, out _, out var refusal));
        Assert.Equal("events", Assert.Single(refusal.InvalidParams).Param);
    }

    [Fact]
    public void Null_IsNoValue()
    {
        var body = Bytes("""{"onboardingInformation":{"apiInvokerPublicKey":"k"},"notificationDestination":"https://a/","apiInvokerInformation":null}""");
        Assert.False(WireValidator.TryRead<ApiInvokerEnrolmentDetails>(body, out _, out var refusal));
        Assert.Equal("apiInvokerInformation", Assert.Single(refusal.InvalidParams).Param);
        Assert.Equal("OPTIONAL_IE_INCORRECT", refusal.Cause);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
