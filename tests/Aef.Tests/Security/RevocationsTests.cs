using CapifOrleans.Aef.Security;
using CapifOrleans.Exposure;
using CapifOrleans.Testing;

namespace CapifOrleans.Aef.Tests.Security;

/// <summary>29.222 5.6.2.5.2: what was revoked stays void, over a restart too, until nothing of it can be valid.</summary>
public sealed class RevocationsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-revocations-");
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void TokenFromBefore_IsVoid_AfterARestartToo_AndALaterOneIsNot()
    {
        using (var revocations = Revocations.Open(_folder.FullName, _time))
            revocations.Add(Revocation("r1"));
        using var reopened = Revocations.Open(_folder.FullName, _time);
        Assert.True(reopened.Cover(Token(-1), "api-1"));
        Assert.True(reopened.Cover(Token(0), "api-2"));
        Assert.False(reopened.Cover(Token(1), "api-1"));
    }

    [Fact]
    public void RevocationOfOneServiceApi_LeavesTheOthers()
    {
        using var revocations = Revocations.Open(_folder.FullName, _time);
        revocations.Add(Revocation("r1") with { ApiIds = ["api-1"] });
        Assert.True(revocations.Cover(Token(-1), "api-1"));
        Assert.False(revocations.Cover(Token(-1), "api-2"));
    }

    [Fact]
    public void RevocationOfOneToken_LeavesTheOthers()
    {
        using var revocations = Revocations.Open(_folder.FullName, _time);
        revocations.Add(Revocation("r1") with { TokenSha256 = "AA" });
        Assert.True(revocations.Cover(Token(-1, "AA"), "api-1"));
        Assert.False(revocations.Cover(Token(-1, "BB"), "api-1"));
    }

    [Fact]
    public void LineThatWasCutOff_IsPassedOver()
    {
        using (var revocations = Revocations.Open(_folder.FullName, _time))
            revocations.Add(Revocation("r1"));
        File.AppendAllText(Path.Combine(_folder.FullName, "revocations.jsonl"), "{\"RevocationId\":\"r2\",\"Api");
        using var reopened = Revocations.Open(_folder.FullName, _time);
        Assert.True(reopened.Cover(Token(-1), "api-1"));
    }

    [Fact]
    public void WhatNobodyNeedsAnyMore_IsLeftBehind()
    {
        using (var revocations = Revocations.Open(_folder.FullName, _time))
            revocations.Add(Revocation("r1"));
        _time.Advance(TimeSpan.FromDays(2));
        Revocations.Open(_folder.FullName, _time).Dispose();
        Assert.Equal(0, new FileInfo(Path.Combine(_folder.FullName, "revocations.jsonl")).Length);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private AuthorizationRevocation Revocation(string id) => new()
    {
        RevocationId = id,
        ApiInvokerId = "invoker",
        RevokedAt = _time.GetUtcNow(),
        KeepUntil = _time.GetUtcNow() + TimeSpan.FromDays(1),
    };

    private AccessToken Token(int secondsAfter, string sha256 = "CC") => new()
    {
        ApiInvokerId = "invoker",
        Scope = AccessToken.ReadScope("3gpp#aef-1:location")!,
        IssuedAt = _time.GetUtcNow() + TimeSpan.FromSeconds(secondsAfter),
        ExpiresAt = _time.GetUtcNow() + TimeSpan.FromMinutes(10),
        Sha256 = sha256,
    };
}
