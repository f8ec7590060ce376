using System.Collections.Immutable;
using CapifOrleans.Discover;
using CapifOrleans.Grains.Discover;
using CapifOrleans.Grains.Tests.Publish;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.Discover;

/// <summary>The filters of 29.222 8.1.2.2.3.1 that features bring: slices, grant types, UE addresses, characteristics, resources, vendors' own.</summary>
public sealed class ProfileFilterTests
{
    private static readonly DiscoveryQuery Everything = new() { ApiInvokerId = "invoker" };

    [Theory]
    [InlineData("""[{"snssai":{"sst":1,"sd":"00AB01"}}]""", true)]
    [InlineData("""[{"ensi":"east"},{"snssai":{"sst":1,"sd":"00ab01"}}]""", true)]
    [InlineData("""[{"ensi":"east"},{"ensi":"west"}]""", false)]
    [InlineData("""[{"snssai":{"sst":1}}]""", false)]
    [InlineData("""[{"nsiId":"east"}]""", false)]
    public void Net_slice_info_is_each_of_the_slices(string wanted, bool passes)
    {
        var query = Everything with { NetSliceInfo = ReadAll<NetSliceId>(wanted) };

        Assert.Equal(passes, DiscoveryFilter.Passes(query, Api("""{"netSliceInfo":[{"snssai":{"sst":1,"sd":"00ab01"}},{"ensi":"east"}]}""")));
        Assert.False(DiscoveryFilter.Passes(query, Api("{}")));
    }

    [Theory]
    [InlineData("{}", "CLIENT_CREDENTIALS", true)]
    [InlineData("{}", "AUTHORIZATION_CODE", false)]
    [InlineData("""{"grantTypes":["AUTHORIZATION_CODE"]}""", "AUTHORIZATION_CODE", true)]
    [InlineData("""{"grantTypes":["AUTHORIZATION_CODE"]}""", "CLIENT_CREDENTIALS", false)]
    [InlineData("""{"grantTypes":["AUTHORIZATION_CODE"]}""", "AUTHORIZATION_CODE,AUTHORIZATION_CODE_WITH_PKCE", false)]
    // NOTE 4 of 8.2.4.2.3: an interface's own take precedence.
    [InlineData("""{"grantTypes":["AUTHORIZATION_CODE"],"interfaceDescriptions":[{"fqdn":"a.test","grantTypes":["CLIENT_CREDENTIALS"]}]}""", "AUTHORIZATION_CODE", false)]
    [InlineData("""{"grantTypes":["AUTHORIZATION_CODE"],"interfaceDescriptions":[{"fqdn":"a.test","grantTypes":["CLIENT_CREDENTIALS"]}]}""", "CLIENT_CREDENTIALS", true)]
    // What one interface must offer is not gathered from two.
    [InlineData("""{"grantTypes":["AUTHORIZATION_CODE"],"interfaceDescriptions":[{"fqdn":"a.test"},{"fqdn":"b.test","grantTypes":["CLIENT_CREDENTIALS"]}]}""", "AUTHORIZATION_CODE,CLIENT_CREDENTIALS", false)]
    public void Grant_types_are_each_offered_by_one_interface(string profile, string wanted, bool passes) => Assert.Equal(passes, DiscoveryFilter.Passes(
        Everything with { GrantTypes = [.. wanted.Split(',').Select(one => WireNames.Find<OAuthGrantType>(one)!.Value)] }, WithProfile(profile)));

    [Theory]
    [InlineData("10.1.0.0", null, true)]
    [InlineData("10.1.255.255", null, true)]
    [InlineData("10.0.255.255", null, false)]
    [InlineData("10.2.0.0", null, false)]
    [InlineData(null, "2001:db8::1", true)]
    [InlineData(null, "2001:0db8:0000::ffff", true)]
    [InlineData(null, "2001:db8::1:0", false)]
    [InlineData(null, "::ffff:10.1.0.0", false)]
    public void Ue_ip_addr_lies_in_a_range(string? ipv4, string? ipv6, bool passes)
    {
        var query = Everything with { UeIpAddr = new IpAddrInfo { Ipv4Addr = ipv4, Ipv6Addr = ipv6 } };
        const string Ranges = """
            {"ueIpRange":{"ueIpv4AddrRanges":[{"start":"192.0.2.1","end":"192.0.2.1"},{"start":"10.1.0.0","end":"10.1.255.255"}],
             "ueIpv6AddrRanges":[{"start":"2001:db8::","end":"2001:db8::ffff"}]}}
            """;

        Assert.Equal(passes, DiscoveryFilter.Passes(query, WithProfile(Ranges)));
        Assert.False(DiscoveryFilter.Passes(query, WithProfile("{}")));
    }

    [Theory]
    [InlineData("""{"maxReqRate":100,"maxRestime":2,"availability":99,"avalComp":"1.5 TFLOPS","avalGraComp":"2 GFLOPS","avalMem":"16 GB","avalStor":"1 TB","conBand":1000}""", true)]
    [InlineData("""{"maxReqRate":101}""", false)]
    [InlineData("""{"maxRestime":1}""", false)]
    [InlineData("""{"maxRestime":3}""", true)]
    [InlineData("""{"availability":100}""", false)]
    [InlineData("""{"avalComp":"1500 GFLOPS"}""", true)]
    [InlineData("""{"avalComp":"1501 GFLOPS"}""", false)]
    [InlineData("""{"avalGraComp":"2000001 kFLOPS"}""", false)]
    [InlineData("""{"avalMem":"17 GB"}""", false)]
    [InlineData("""{"avalMem":"15000 MB"}""", true)]
    [InlineData("""{"avalStor":"2 TB"}""", false)]
    [InlineData("""{"conBand":1001}""", false)]
    [InlineData("{}", true)]
    public void Service_kpis_are_at_least_as_good(string wanted, bool passes)
    {
        const string Offered = """
            {"serviceKpis":{"maxReqRate":100,"maxRestime":2,"availability":99,"avalComp":"1.5 TFLOPS","avalGraComp":"2 GFLOPS","avalMem":"16 GB","avalStor":"1 TB","conBand":1000}}
            """;
        var query = Everything with { ServiceKpis = Read<ServiceKpis>(wanted) };

        Assert.Equal(passes, DiscoveryFilter.Passes(query, WithProfile(Offered)));
        Assert.False(DiscoveryFilter.Passes(query, WithProfile("{}")));
    }

    [Theory]
    [InlineData("""[{"resource":"/things","operations":["GET","POST"]}]""", true)]
    [InlineData("""[{"resource":"things","operations":["GET"]}]""", true)]
    [InlineData("""[{"resource":"/things","operations":["DELETE"]}]""", false)]
    [InlineData("""[{"resource":"/things","customServOpers":["count"]}]""", true)]
    [InlineData("""[{"resource":"/things","customServOpers":["reset"]}]""", false)]
    [InlineData("""[{"resource":"/open","operations":["DELETE"]}]""", true)]
    [InlineData("""[{"resource":"/other"}]""", false)]
    [InlineData("""[{"customServOpers":["reset"]}]""", true)]
    [InlineData("""[{"customServOpers":["count"]}]""", false)]
    [InlineData("""[{"resource":"/things"},{"customServOpers":["reset"]}]""", true)]
    // v2 has it, v1 the others: not gathered from two versions.
    [InlineData("""[{"resource":"/later"}]""", true)]
    [InlineData("""[{"resource":"/things"},{"resource":"/later"}]""", false)]
    public void Res_ops_are_all_of_one_version(string wanted, bool passes)
    {
        const string Versions = """
            {"versions":[
              {"apiVersion":"v1","resources":[
                {"resourceName":"t","commType":"REQUEST_RESPONSE","uri":"/things","operations":["GET","POST"],"custOperations":[{"commType":"REQUEST_RESPONSE","custOpName":"count"}]},
                {"resourceName":"o","commType":"REQUEST_RESPONSE","uri":"/open"}],
               "custOperations":[{"commType":"REQUEST_RESPONSE","custOpName":"reset"}]},
              {"apiVersion":"v2","resources":[{"resourceName":"l","commType":"REQUEST_RESPONSE","uri":"/later"}]}]}
            """;
        var query = Everything with { ApiName = "things", ResOps = ReadAll<ResOperInfo>(wanted) };

        Assert.Equal(passes, DiscoveryFilter.Passes(query, WithProfile(Versions)));
    }

    [Theory]
    [InlineData("/apiName", "\"things\"", true)]
    [InlineData("/apiName", "\"other\"", false)]
    [InlineData("/vendorSpecific-urn:etsi:mec:capifext:service-info/serializer", "\"JSON\"", true)]
    [InlineData("/vendorSpecific-urn:etsi:mec:capifext:service-info/n", "[1, null, 2.5]", true)]
    [InlineData("/vendorSpecific-urn:etsi:mec:capifext:service-info/n/0", "\"1\"", true)]
    [InlineData("/vendorSpecific-urn:etsi:mec:capifext:service-info/n/00", "1", false)]
    [InlineData("/vendorSpecific-urn:etsi:mec:capifext:service-info/n/3", "1", false)]
    [InlineData("/aefProfiles/0/vendorSpecific-urn:etsi:mec:capifext:transport-info", "{\"id\":\"t1\"}", true)]
    [InlineData("/aefProfiles/1/aefId", "\"aef\"", false)]
    [InlineData("/nothing", "null", false)]
    public void Vendor_specific_filters_follow_the_pointer(string target, string value, bool passes)
    {
        var description = Descriptions.WithVendorSpecific("things", "aef") with { ApiId = "id" };
        var entry = new CatalogEntry(new PublishedServiceApi { Description = description, ApfId = "apf", ApiProvDomId = "domain" });
        using var document = System.Text.Json.JsonDocument.Parse(value);
        var filter = new VendorSpecificFilter { Target = [.. target[1..].Split('/')], Value = RawJson.Of(document.RootElement) };

        Assert.Equal(passes, VendorSpecificMatch.HasAll(entry.Representation, [filter]));
    }

    private static T Read<T>(string json)
        where T : class
    {
        Assert.True(WireValidator.TryRead<T>(System.Text.Encoding.UTF8.GetBytes(json), out var value, out var refusal), refusal?.Detail);
        return value;
    }

    private static ImmutableArray<T> ReadAll<T>(string json)
        where T : class => [.. System.Text.Json.Nodes.JsonNode.Parse(json)!.AsArray().Select(one => Read<T>(one!.ToJsonString()))];

    private static ServiceApiDescription Api(string attributes) => Descriptions.Read(
        attributes.Insert(1, attributes.Length > 2 ? "\"apiName\":\"things\",\"apiId\":\"id\"," : "\"apiName\":\"things\",\"apiId\":\"id\""));

    /// <summary>A service API whose only profile is the usual one with these attributes in place of its own.</summary>
    private static ServiceApiDescription WithProfile(string attributes)
    {
        var profile = System.Text.Json.Nodes.JsonNode.Parse(Descriptions.JsonOf(Descriptions.New("things", "aef")))!;
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(attributes)!.AsObject())
            profile["aefProfiles"]![0]![name] = value?.DeepClone();
        return Descriptions.Read(profile.ToJsonString());
    }
}
