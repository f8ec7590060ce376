using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// Secrets within grain state: AES-256-GCM under a key that is made of the key-encryption key (docs/pki.md), bound to the place where they
/// lie, so that none can be put in another's place.
/// </summary>
public sealed class SecretBox(PkiOptions options)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // An operator's key may be a phrase; it is stretched once for a process.
    private readonly Lazy<byte[]> _key = new(() => Rfc2898DeriveBytes.Pbkdf2(
        KeyFile.KeyEncryptionKey(options), "capif secrets in grain state"u8, 100_000, HashAlgorithmName.SHA256, 32));

    /// <summary>Encrypts; <paramref name="place"/> says where it will lie.</summary>
    public string Seal(ReadOnlySpan<byte> secret, string place)
    {
        var box = new byte[NonceLength + secret.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(_key.Value, TagLength);
        cipher.Encrypt(
            box.AsSpan(0, NonceLength), secret, box.AsSpan(NonceLength, secret.Length), box.AsSpan(NonceLength + secret.Length), Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String(box);
    }

    /// <summary>Decrypts; null where it was not sealed under this key, for this place.</summary>
    public byte[]? TryOpen(string text, string place)
    {
        var box = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, box, out var length) || length < NonceLength + TagLength)
            return null;
        var secret = new byte[length - NonceLength - TagLength];
        using var cipher = new AesGcm(_key.Value, TagLength);
        try
        {
            cipher.Decrypt(
                box.AsSpan(0, NonceLength), box.AsSpan(NonceLength, secret.Length), box.AsSpan(length - TagLength, TagLength), secret, Encoding.UTF8.GetBytes(place));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
