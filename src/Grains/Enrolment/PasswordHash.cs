using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Grains.Enrolment;

/// <summary>A password as it is stored: PBKDF2 (RFC 8018 5.2) with HMAC-SHA-256, and the parameters that it was made with.</summary>
internal sealed record PasswordHash
{
    /// <summary>The fewest iterations that a new hash is made with (OWASP Password Storage Cheat Sheet, 2023).</summary>
    public const int CurrentIterations = 600_000;

    private const int SaltSize = 16;
    private const int HashSize = 32;

    /// <summary>The salt.</summary>
    public required byte[] Salt { get; init; }

    /// <summary>The iterations.</summary>
    public required int Iterations { get; init; }

    /// <summary>The derived key.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Hashes a password with a new salt. Slow on purpose: call it on <see cref="PasswordHashing"/>'s threads only.</summary>
    public static PasswordHash Create(string password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return new PasswordHash { Salt = salt, Iterations = iterations, Hash = Derive(password, salt, iterations, HashSize) };
    }

    /// <summary>Whether this is the password's hash. As slow as <see cref="Create"/>.</summary>
    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations, Hash.Length), Hash);

    /// <summary>Nothing of the hash.</summary>
    public override string ToString() => $"PBKDF2-HMAC-SHA-256, {Iterations} iterations";

    private static byte[] Derive(string password, ReadOnlySpan<byte> salt, int iterations, int size)
    {
        var text = Encoding.UTF8.GetBytes(password);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(text, salt, iterations, HashAlgorithmName.SHA256, size);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
