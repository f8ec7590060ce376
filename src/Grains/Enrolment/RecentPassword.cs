using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Grains.Enrolment;

/// <summary>
/// The password that was right within the last minute, so that who logs in before each of many calls (OpenCAPIF's clients do) costs the slow hash once.
/// Only its HMAC under a key of this activation is held; a wrong password costs as much as ever.
/// </summary>
internal sealed class RecentPassword(TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private byte[]? _known;
    private DateTimeOffset _until;

    /// <summary>The slow hash said that it is right.</summary>
    public void Remember(string password)
    {
        _known = Mac(password);
        _until = time.GetUtcNow() + Lasts;
    }

    /// <summary>Whether it is that password.</summary>
    public bool Is(string password)
    {
        if (_known is null)
            return false;
        if (time.GetUtcNow() < _until)
            return CryptographicOperations.FixedTimeEquals(_known, Mac(password));
        Forget();
        return false;
    }

    /// <summary>It changed, or the account is gone.</summary>
    public void Forget()
    {
        CryptographicOperations.ZeroMemory(_known);
        _known = null;
    }

    private byte[] Mac(string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(password));
}
