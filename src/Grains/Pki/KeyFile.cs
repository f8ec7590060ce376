using System.Security.Cryptography;

namespace CapifOrleans.Grains.Pki;

/// <summary>Private keys at rest: PKCS#8 encrypted by AES-256 (PBES2, PBKDF2 with SHA-256), files for their owner only, never half written.</summary>
internal static class KeyFile
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 100_000);

    /// <summary>Writes a key.</summary>
    public static void Write(string path, AsymmetricAlgorithm key, string keyEncryptionKey) =>
        WriteText(path, key.ExportEncryptedPkcs8PrivateKeyPem(keyEncryptionKey, Encryption), secret: true);

    /// <summary>Reads a key, encrypted or, where an operator put it there so, plain.</summary>
    /// <exception cref="PkiException">It cannot be read.</exception>
    public static ECDsa Read(string path, string keyEncryptionKey) => Read(path, keyEncryptionKey, ECDsa.Create(), "elliptic-curve");

    /// <summary>Reads an RSA key likewise.</summary>
    /// <exception cref="PkiException">It cannot be read.</exception>
    public static RSA ReadRsa(string path, string keyEncryptionKey) => Read(path, keyEncryptionKey, RSA.Create(), "RSA");

    private static T Read<T>(string path, string keyEncryptionKey, T key, string kind)
        where T : AsymmetricAlgorithm
    {
        try
        {
            var text = File.ReadAllText(path);
            if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
                key.ImportFromEncryptedPem(text, keyEncryptionKey);
            else
                key.ImportFromPem(text);
            return key;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new PkiException($"The private key {path} cannot be read: is the key-encryption key the one it was written with, and the key an {kind} key?", fault);
        }
    }

    /// <summary>The key that other keys are encrypted with: the operator's, or the folder's own.</summary>
    public static string KeyEncryptionKey(PkiOptions options)
    {
        if (!string.IsNullOrEmpty(options.KeyEncryptionKey))
            return options.KeyEncryptionKey;
        var path = Path.Combine(options.Folder, "key-encryption-key");
        if (!File.Exists(path))
            WriteText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), secret: true);
        return File.ReadAllText(path).Trim();
    }

    /// <summary>Writes a file under another name and renames it when it is on the disk.</summary>
    public static void WriteText(string path, string text, bool secret)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = secret
                ? UnixFileMode.UserRead | UnixFileMode.UserWrite
                : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
