using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Grains.Enrolment;

namespace CapifOrleans.Grains.Tests.Enrolment;

public class PasswordHashTests
{
    [Fact]
    public void Hash_IsPbkdf2WithItsOwnSaltAndParameters()
    {
        var hash = PasswordHash.Create("secret words", 1_234);

        var expected = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes("secret words"), hash.Salt, 1_234, HashAlgorithmName.SHA256, 32);
        Assert.Equal(expected, hash.Hash);
        Assert.Equal(16, hash.Salt.Length);
        Assert.Equal(1_234, hash.Iterations);
        Assert.NotEqual(hash.Salt, PasswordHash.Create("secret words", 1_234).Salt);
    }

    [Fact]
    public void Matches_TheRightPasswordOnly()
    {
        var hash = PasswordHash.Create("secret words", 1_000);

        Assert.True(hash.Matches("secret words"));
        Assert.False(hash.Matches("secret word"));
        Assert.False(hash.Matches(""));
        Assert.DoesNotContain("secret", hash.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_AreOfCurrentStrength() => Assert.True(new EnrolmentOptions().PasswordIterations >= 600_000);

    [Fact]
    public async Task WithoutAHash_NothingMatches_AndItTakesAsLong()
    {
        using var hashing = new PasswordHashing(new EnrolmentOptions { PasswordIterations = 200_000 });
        var hash = await hashing.HashAsync("secret words");
        await hashing.MatchesAsync("warm up", hash);

        var started = Stopwatch.GetTimestamp();
        Assert.False(await hashing.MatchesAsync("wrong", hash));
        var wrong = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        Assert.False(await hashing.MatchesAsync("wrong", null));
        var unknown = Stopwatch.GetElapsedTime(started);

        // The machine is shared: a tenth would be a comparison left out, not noise.
        Assert.InRange(unknown / wrong, 0.1, 10);
    }

    [Fact]
    public async Task FullQueue_RefusesInsteadOfKeeping()
    {
        using var hashing = new PasswordHashing(new EnrolmentOptions { PasswordIterations = 100_000 });

        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => hashing.HashAsync("secret words")));

        Assert.Contains(all, hash => hash is null);
        Assert.True(all.Count(hash => hash is not null) >= 64);
    }
}
