using System.Text;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Grains.Tests.Pki;

/// <summary>Secrets in grain state open only under the key and in the place that they were sealed for.</summary>
public sealed class SecretBoxTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("a secret of some length");

    [Fact]
    public void Opens_OnlyInItsPlace_UnderItsKey_AndUnchanged()
    {
        var box = Box("key");
        var text = box.Seal(Secret, "here");
        Assert.Equal(Secret, box.TryOpen(text, "here"));
        Assert.Equal(Secret, Box("key").TryOpen(text, "here"));
        Assert.Null(box.TryOpen(text, "there"));
        Assert.Null(Box("another").TryOpen(text, "here"));
        Assert.Null(box.TryOpen((text[0] == 'A' ? "B" : "A") + text[1..], "here"));
        Assert.Null(box.TryOpen("", "here"));
        Assert.Null(box.TryOpen("no base64", "here"));
        Assert.NotEqual(text, box.Seal(Secret, "here"));
    }

    private static SecretBox Box(string key) => new(new PkiOptions { Folder = "/nonexistent", KeyEncryptionKey = key });
}
