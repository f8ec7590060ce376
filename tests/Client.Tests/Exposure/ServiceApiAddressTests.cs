namespace CapifOrleans.Client.Tests.Exposure;

/// <summary>TS 29.122 5.2.4 and 29.222 8.2.4.2.3: where a service API is.</summary>
public sealed class ServiceApiAddressTests
{
    private static readonly SecurityMethod[] All = [SecurityMethod.Psk, SecurityMethod.Pki, SecurityMethod.Oauth];

    [Theory]
    [InlineData(null, null, "aef.example", 8444, null, "https://aef.example:8444/name/v1/")]
    [InlineData("192.0.2.1", null, null, null, null, "https://192.0.2.1/name/v1/")]
    [InlineData(null, "2001:db8::1", null, 8444, "/a/b/", "https://[2001:db8::1]:8444/a/b/name/v1/")]
    [InlineData("192.0.2.1", null, null, 443, "a", "https://192.0.2.1/a/name/v1/")]
    public void Interface_GivesTheApiRoot(string? ipv4, string? ipv6, string? fqdn, int? port, string? prefix, string expected)
    {
        var api = Api(new InterfaceDescription { Ipv4Addr = ipv4, Ipv6Addr = ipv6, Fqdn = fqdn, Port = port, ApiPrefix = prefix });
        Assert.Equal(expected, ServiceApiAddress.Of(api, null, null, All).Base.ToString());
    }

    [Fact]
    public void DomainName_GivesTheApiRoot()
    {
        var api = Api() with { AefProfiles = [Profile() with { DomainName = "aef.example:8444" }] };
        Assert.Equal("https://aef.example:8444/name/v1/", ServiceApiAddress.Of(api, null, null, All).Base.ToString());
    }

    [Fact]
    public void InterfacesOwnMethods_DecideWhereTheSelectedOneGoes()
    {
        var api = Api(
            new InterfaceDescription { Fqdn = "psk.example", SecurityMethods = [SecurityMethod.Psk] },
            new InterfaceDescription { Fqdn = "rest.example", ApiPrefix = "x" });
        api = api with { AefProfiles = [api.AefProfiles[0] with { SecurityMethods = [SecurityMethod.Oauth] }] };
        var address = ServiceApiAddress.Of(api, null, null, All);
        Assert.Equal("https://psk.example/name/v1/", address.Base.ToString());
        var root = address.Root(SecurityMethod.Oauth);
        Assert.Equal("https://rest.example/x/name/v1/things?a=b%2Fc", address.At(root, new Uri(address.Base, "things?a=b%2Fc"))!.ToString());
        // Who can do nothing but OAUTH begins at the other.
        Assert.Equal("https://rest.example/x/name/v1/", ServiceApiAddress.Of(api, null, null, [SecurityMethod.Oauth]).Base.ToString());
    }

    [Fact]
    public void WithoutAddress_VersionOrMethod_ThereIsNone()
    {
        Assert.Throws<ArgumentException>(() => ServiceApiAddress.Of(Api(), null, null, All));
        Assert.Throws<ArgumentException>(() => ServiceApiAddress.Of(Api(new InterfaceDescription { Fqdn = "evil@host/" }), null, null, All));
        var api = Api(new InterfaceDescription { Fqdn = "aef.example" });
        Assert.Throws<ArgumentException>(() => ServiceApiAddress.Of(api, null, "v9", All));
        var psk = api with { AefProfiles = [api.AefProfiles[0] with { SecurityMethods = [SecurityMethod.Psk] }] };
        Assert.Throws<ArgumentException>(() => ServiceApiAddress.Of(psk, null, null, [SecurityMethod.Oauth]));
    }

    private static ServiceApiDescription Api(params InterfaceDescription[] interfaces) =>
        new() { ApiName = "name", AefProfiles = [Profile() with { InterfaceDescriptions = interfaces }] };

    private static AefProfile Profile() => new() { AefId = "aef", Versions = [new ServiceApiVersion { ApiVersion = "v1" }] };
}
