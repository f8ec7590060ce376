using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>The content of a state file. What is secret is in one place, plain or encrypted.</summary>
internal sealed record StoredInvoker
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required Uri Core { get; init; }

    /// <summary>PEM.</summary>
    public required string Roots { get; init; }

    public string? ApiInvokerId { get; init; }

    public string? OnboardingId { get; init; }

    /// <summary>PEM, the API invoker's own first.</summary>
    public string? Certificate { get; init; }

    public StoredSecrets? Secrets { get; init; }

    public SealedSecrets? SealedSecrets { get; init; }

    /// <summary>Writes an identity; the caller overwrites the octets.</summary>
    public static byte[] Write(InvokerIdentity identity, string? password)
    {
        var secrets = new StoredSecrets { PrivateKey = identity.ExportPrivateKey(), OnboardingSecret = identity.OnboardSecret };
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(
                new StoredInvoker
                {
                    Version = CurrentVersion,
                    Core = identity.Core,
                    Roots = identity.Roots.ExportCertificatePems(),
                    ApiInvokerId = identity.ApiInvokerId,
                    OnboardingId = identity.OnboardingId,
                    Certificate = identity.Certificate is { } own ? own.ExportCertificatePem() + "\n" + identity.Chain.ExportCertificatePems() : null,
                    Secrets = password is null ? secrets : null,
                    SealedSecrets = password is null ? null : Client.SealedSecrets.Seal(secrets, password),
                },
                ClientJson.Default.StoredInvoker);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets.PrivateKey);
        }
    }

    /// <summary>Reads an identity.</summary>
    /// <exception cref="CryptographicException">It is encrypted, and the password is not the one; or it is damaged.</exception>
    /// <exception cref="JsonException">It is no state file.</exception>
    public static InvokerIdentity Read(ReadOnlySpan<byte> octets, string? password)
    {
        var stored = JsonSerializer.Deserialize(octets, ClientJson.Default.StoredInvoker);
        if (stored is not { Version: CurrentVersion })
            throw new JsonException($"It is of version {stored?.Version}; this program reads {CurrentVersion}.");
        var secrets = stored.Secrets ?? Open(stored.SealedSecrets, password);
        try
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(secrets.PrivateKey, out _);
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(stored.Roots);
            var identity = new InvokerIdentity(stored.Core, roots, key);
            if (stored.ApiInvokerId is { } id)
                identity.Accept(id, stored.OnboardingId ?? id, stored.Certificate, secrets.OnboardingSecret);
            return identity;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets.PrivateKey);
        }
    }

    private static StoredSecrets Open(SealedSecrets? box, string? password)
    {
        if (box is null)
            throw new JsonException("There is no private key in it.");
        return box.Open(password ?? throw new CryptographicException("The state file is encrypted: it needs its password."));
    }
}

/// <summary>What is secret in a state file.</summary>
internal sealed record StoredSecrets
{
    public required byte[] PrivateKey { get; init; }

    [JsonConverter(typeof(SecretBytesConverter))]
    public byte[]? OnboardingSecret { get; init; }

    public override string ToString() => nameof(StoredSecrets);
}

/// <summary>The same, encrypted by AES-256-GCM under a key of the password (PBKDF2-HMAC-SHA-256).</summary>
internal sealed record SealedSecrets
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Strength = 600_000;

    public required byte[] Salt { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Nonce, ciphertext, tag.</summary>
    public required byte[] Box { get; init; }

    public static SealedSecrets Seal(StoredSecrets secrets, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var plain = JsonSerializer.SerializeToUtf8Bytes(secrets, ClientJson.Default.StoredSecrets);
        var key = Rfc2898DeriveBytes.Pbkdf2(password, salt, Strength, HashAlgorithmName.SHA256, 32);
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using (var cipher = new AesGcm(key, TagLength))
            cipher.Encrypt(box.AsSpan(0, NonceLength), plain, box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length));
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(plain);
        return new SealedSecrets { Salt = salt, Iterations = Strength, Box = box };
    }

    public StoredSecrets Open(string password)
    {
        // A file that asks for years of work, or for none, is not one of ours.
        if (Box.Length < NonceLength + TagLength || Iterations is < 100_000 or > 10_000_000)
            throw new CryptographicException("The state file is damaged.");
        var key = Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, HashAlgorithmName.SHA256, 32);
        var plain = new byte[Box.Length - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(key, TagLength);
            cipher.Decrypt(Box.AsSpan(0, NonceLength), Box.AsSpan(NonceLength, plain.Length), Box.AsSpan(Box.Length - TagLength), plain);
            return JsonSerializer.Deserialize(plain, ClientJson.Default.StoredSecrets) ?? throw new CryptographicException("The state file is damaged.");
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new CryptographicException("The password of the state file is wrong, or the file is damaged.", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
