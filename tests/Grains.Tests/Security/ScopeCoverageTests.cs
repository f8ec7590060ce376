using CapifOrleans.Grains.Security;
using CapifOrleans.Publish;
using CapifOrleans.Security;
using Version = CapifOrleans.Publish.Version;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>29.222 8.5.4.2.6 with CAPIF_Ext1: which resources and operations of a service API a scope may name.</summary>
public sealed class ScopeCoverageTests
{
    private static readonly ServiceApiDescription Api = new()
    {
        ApiName = "things",
        AefProfiles =
        [
            new AefProfile
            {
                AefId = "a",
                DomainName = "a.example",
                Versions =
                [
                    new Version
                    {
                        ApiVersion = "v1",
                        Resources =
                        [
                            new Resource { ResourceName = "subscriptions", CommType = CommunicationType.RequestResponse, Uri = "/s", Operations = [Operation.Get, Operation.Post] },
                            new Resource { ResourceName = "open", CommType = CommunicationType.RequestResponse, Uri = "/o" },
                            new Resource
                            {
                                ResourceName = "configured", CommType = CommunicationType.RequestResponse, Uri = "/c", Operations = [Operation.Patch],
                                CustOperations = [new CustomOperation { CommType = CommunicationType.RequestResponse, CustOpName = "reset" }],
                            },
                        ],
                        CustOperations = [new CustomOperation { CommType = CommunicationType.RequestResponse, CustOpName = "restart" }],
                    },
                ],
            },
        ],
    };

    [Theory]
    [InlineData("", true)]
    [InlineData(":res.subscriptions", true)]
    [InlineData(":res.subscriptions:op.create", true)]
    [InlineData(":res.subscriptions:op.POST", true)]
    [InlineData(":res.subscriptions:op.get:op.create", true)]
    [InlineData(":res.subscriptions:op.delete", false)]
    [InlineData(":res.Subscriptions", false)]
    [InlineData(":res.other", false)]
    [InlineData(":res.open:op.delete", true)]
    [InlineData(":res.open:op.fly", false)]
    [InlineData(":res.configured:op.reset", true)]
    [InlineData(":res.configured:op.update", true)]
    [InlineData(":res.subscriptions:op.reset", false)]
    [InlineData(":op.reset", true)]
    [InlineData(":op.restart", true)]
    [InlineData(":res.configured:op.restart", false)]
    [InlineData(":op.fly", false)]
    public void ItemsOfAScope_AreWhatTheServiceApiHas(string items, bool has)
    {
        Assert.True(AccessScope.TryParse("3gpp#a:things" + items, new ScopeGrammar(true, false), out var scope, out _));
        Assert.Equal(has, ScopeCoverage.Has(Api, "a", scope.Aefs.Single().Apis.Single().Items));
    }

    [Fact]
    public void AnotherAef_HasNoneOfThem() => Assert.False(ScopeCoverage.Has(Api, "b", [new ScopeItem(true, "subscriptions")]));
}
