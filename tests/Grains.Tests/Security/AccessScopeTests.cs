using CapifOrleans.Grains.Security;

namespace CapifOrleans.Grains.Tests.Security;

/// <summary>TS 29.222 8.5.4.2.6: the scope grammar.</summary>
public sealed class AccessScopeTests
{
    [Theory]
    [InlineData("3gpp#aef1:api1")]
    [InlineData("3gpp#aef1:api1,api2;aef2:api3")]
    [InlineData("3gpp#aef1:3gpp-monitoring-event.v1")]
    public void WellFormed_IsReadAndWrittenAlike(string text)
    {
        Assert.True(AccessScope.TryParse(text, out var scope, out _));
        Assert.Equal(text, scope.ToString());
    }

    [Fact]
    public void SeveralAefs_KeepTheirApis()
    {
        Assert.True(AccessScope.TryParse("3gpp#aef1:api1,api2;aef2:api3", out var scope, out _));
        Assert.Equal("aef1 aef2", string.Join(" ", scope.Aefs.Select(aef => aef.AefId)));
        Assert.Equal("api1 api2", string.Join(" ", scope.Aefs[0].ApiNames));
    }

    [Fact]
    public void ApiNamedTwice_CountsOnce()
    {
        Assert.True(AccessScope.TryParse("3gpp#a:x,x", out var scope, out _));
        Assert.Equal("3gpp#a:x", scope.ToString());
    }

    [Theory]
    [InlineData("", "'3gpp'")]
    [InlineData("not-valid-scope", "'3gpp'")]
    [InlineData("3gpp", "'3gpp'")]
    [InlineData("3gpp#", "colon")]
    [InlineData("3gpp#aef1", "colon")]
    [InlineData("3gpp#:api1", "colon")]
    [InlineData("3gpp#aef1:", "not empty")]
    [InlineData("3gpp#aef1:api1,", "not empty")]
    [InlineData("3gpp#aef1:api1;", "colon")]
    [InlineData("3gpp#aef1:a:res.x", "without ':'")]
    [InlineData("3gpp#aef1:a#b", "without ':'")]
    [InlineData("3gpp#aef1:a;aef1:b", "once")]
    [InlineData("3gpp#aef1:a openid", "spaces")]
    public void Malformed_IsRefusedWithItsReason(string text, string reason)
    {
        Assert.False(AccessScope.TryParse(text, out var scope, out var said));
        Assert.Null(scope);
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void TooLong_IsRefused() =>
        Assert.False(AccessScope.TryParse("3gpp#a:" + new string('x', AccessScope.MaxLength), out _, out _));
}
