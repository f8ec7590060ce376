using CapifOrleans.Aef.Security;
using CapifOrleans.Publish;

namespace CapifOrleans.Aef.Tests.Security;

/// <summary>29.222 8.5.4.2.6: what a scope covers at an AEF, whole or by resource and operation.</summary>
public sealed class TokenScopeTests
{
    [Theory]
    [InlineData("3gpp#aef-1:location", true)]
    [InlineData("3gpp#aef-2:location;aef-1:other,location", true)]
    [InlineData("3gpp#aef-2:location", false)]
    [InlineData("3gpp#aef-1:other", false)]
    [InlineData("3gpp#aef-1:loc", false)]
    [InlineData("3gpp#aef-1:location:res.things", true)]
    [InlineData("3gpp#aef-1:location:res.places", false)]
    [InlineData("3gpp#aef-1:location:res.things:op.create", true)]
    [InlineData("3gpp#aef-1:location:res.things:op.read", false)]
    [InlineData("3gpp#aef-1:location:res.places:op.create", false)]
    [InlineData("3gpp#aef-1:location:op.POST", true)]
    [InlineData("3gpp#aef-1:location:op.delete", false)]
    [InlineData("3gpp#aef-1:location:res.places:res.things", true)]
    [InlineData("openid 3gpp#aef-1:location", true)]
    [InlineData("location:read", false)]
    [InlineData("location:create", true)]
    [InlineData("location:retrieval", true)]
    [InlineData("other:create", false)]
    public void PostOfThings(string scope, bool covered) =>
        Assert.Equal(covered, TokenScope.Covers(AccessToken.ReadScope(scope)!, "aef-1", "location", "things", Operation.Post));

    [Fact]
    public void MethodWithoutName_IsCoveredByTheWholeOnly()
    {
        Assert.True(TokenScope.Covers(AccessToken.ReadScope("3gpp#aef-1:location")!, "aef-1", "location", null, null));
        Assert.False(TokenScope.Covers(AccessToken.ReadScope("3gpp#aef-1:location:op.create")!, "aef-1", "location", null, null));
        Assert.False(TokenScope.Covers(AccessToken.ReadScope("location:read")!, "aef-1", "location", null, null));
    }
}
