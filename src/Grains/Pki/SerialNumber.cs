using System.Security.Cryptography;

namespace CapifOrleans.Grains.Pki;

/// <summary>Serial numbers of certificates.</summary>
public static class SerialNumber
{
    /// <summary>
    /// 128 random bits, positive, as upper-case hexadecimal. The owner of the certificate writes it down before it is signed, so that no
    /// certificate exists that nobody could revoke.
    /// </summary>
    public static string NewRandom()
    {
        Span<byte> octets = stackalloc byte[16];
        RandomNumberGenerator.Fill(octets);
        // A DER integer: the first bit would be a sign, and leading zeros would vanish.
        octets[0] = (byte)((octets[0] & 0x3f) | 0x40);
        return Convert.ToHexString(octets);
    }
}
