using System.Diagnostics;
using System.Security.Cryptography;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interfaces.Tests.Security;

/// <summary>
/// 33.122 A.1 with 33.220 Annex B. The standard publishes no vectors; these are ours, made by python3's hmac and by openssl's (docs/by-hand.md has
/// the command, and <see cref="Derivation_IsWhatOpensslMakes"/> runs it on other values).
/// </summary>
public sealed class AefPskTests
{
    private static readonly byte[] MasterSecret = [.. Enumerable.Range(0, 48).Select(one => (byte)one)];
    private static readonly byte[] SessionId = [.. Enumerable.Range(0x80, 32).Select(one => (byte)one)];

    [Theory]
    [InlineData("aef-1", "A4D01834D1E5F448BAAC617BEEEEF136DE1F35EE6F76B68059B42C695BA8C4EE")]
    [InlineData("AEF0123456789abcdef0123456789abcdef", "8D125FDFE411007D8493E8601188423A9634878CF3997EA6E2A68A1C91A824DC")]
    public void Vectors(string aefId, string key) => Assert.Equal(key, Convert.ToHexString(AefPsk.Derive(MasterSecret, SessionId, aefId)));

    [Fact]
    public async Task Derivation_IsWhatOpensslMakes()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(48), id = RandomNumberGenerator.GetBytes(32);
        const string AefId = "AEF-é";
        // P0 in UTF-8: six octets.
        byte[] input = [0x7A, .. "AEF-"u8, 0xC3, 0xA9, 0, 6, .. id, 0, 32];
        using var process = Process.Start(new ProcessStartInfo("openssl", $"dgst -sha256 -mac HMAC -macopt hexkey:{Convert.ToHexString(secret)} -r")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        var key = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal(key[..64].ToUpperInvariant(), Convert.ToHexString(AefPsk.Derive(secret, id, AefId)));
    }

    [Fact]
    public void Input_IsFunctionCodeThenEachParameterBeforeItsLength()
    {
        byte[] input = [0x7A, .. "aef-1"u8, 0, 5, .. SessionId, 0, 32];
        Assert.Equal(HMACSHA256.HashData(MasterSecret, input), AefPsk.Derive(MasterSecret, SessionId, "aef-1"));
    }

    [Fact]
    public void EveryInput_ChangesTheKey()
    {
        byte[] otherSecret = [.. MasterSecret[..47], 0], otherId = [.. SessionId[..31], 0];
        string[] keys =
        [
            Convert.ToHexString(AefPsk.Derive(MasterSecret, SessionId, "aef-1")),
            Convert.ToHexString(AefPsk.Derive(MasterSecret, SessionId, "aef-2")),
            Convert.ToHexString(AefPsk.Derive(otherSecret, SessionId, "aef-1")),
            Convert.ToHexString(AefPsk.Derive(MasterSecret, otherId, "aef-1")),
        ];
        Assert.Equal(4, keys.Distinct().Count());
    }

    [Fact]
    public void SessionThatIsNotWhole_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => AefPsk.Derive([], SessionId, "aef-1"));
        Assert.Throws<ArgumentException>(() => AefPsk.Derive(MasterSecret, [], "aef-1"));
        Assert.Throws<ArgumentException>(() => AefPsk.Derive(MasterSecret, SessionId, ""));
    }

    [Fact]
    public void Secrets_ShowInNoText()
    {
        var session = new CapifSession { SessionId = [.. SessionId], MasterSecret = [.. MasterSecret] };
        Assert.Equal(nameof(CapifSession), session.ToString());
        var information = new AefPskInformation { PskIdentity = "invoker", ValidityTime = 9, AefPsk = "a2V5" };
        Assert.DoesNotContain("a2V5", information.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"pskIdentity":"invoker","validityTime":9,"aefPsk":"a2V5"}""", information.ToJson());
        Assert.Equal(information, AefPskInformation.Parse(information.ToJson()));
    }
}
