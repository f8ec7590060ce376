using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls;

/// <summary>
/// Verifies ECDSA signatures of keys that are seen once. .NET's own import of such a key checks it by a scalar multiplication, and OpenSSL's
/// newer interface (EVP_PKEY) copies it through its providers: each costs more than the verification itself. The older one (EC_KEY), which
/// .NET uses as well, takes the key as it is.
/// </summary>
public static unsafe class OpenSslEcdsa
{
    private static readonly Lazy<nint> P256 = new(() => Group(LibCrypto.NidP256));
    private static readonly Lazy<nint> P384 = new(() => Group(LibCrypto.NidP384));

    /// <summary>Whether this machine can.</summary>
    public static bool IsAvailable => OpenSslLibrary.IsAvailable;

    /// <summary>
    /// Whether the key made the signature. A point that is not on the curve is no key; since both curves have a prime order, one that is on it
    /// is a good one.
    /// </summary>
    /// <param name="point">The public key, uncompressed: 65 octets for P-256, 97 for P-384.</param>
    /// <param name="hash">The hash of what was signed.</param>
    /// <param name="signature">The signature, DER.</param>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    public static bool Verify(ReadOnlySpan<byte> point, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        OpenSslLibrary.Require();
        if (point.Length is not (65 or 97) || point[0] != 4 || signature.IsEmpty)
            return false;
        var group = point.Length == 65 ? P256.Value : P384.Value;
        nint key = 0, place = 0;
        // What is wrong with a stranger's key must not lie in this thread's queue of errors, where a TLS session would find it.
        _ = LibCrypto.ERR_set_mark();
        try
        {
            key = LibCrypto.EC_KEY_new();
            place = LibCrypto.EC_POINT_new(group);
            fixed (byte* octets = point, hashed = hash, signed = signature)
            {
                return key != 0 && place != 0
                    && LibCrypto.EC_KEY_set_group(key, group) == 1
                    && LibCrypto.EC_POINT_oct2point(group, place, octets, (nuint)point.Length, 0) == 1
                    && LibCrypto.EC_KEY_set_public_key(key, place) == 1
                    && LibCrypto.ECDSA_verify(0, hashed, hash.Length, signed, signature.Length, key) == 1;
            }
        }
        finally
        {
            LibCrypto.EC_POINT_free(place);
            LibCrypto.EC_KEY_free(key);
            _ = LibCrypto.ERR_pop_to_mark();
        }
    }

    // For the life of the process.
    private static nint Group(int curve)
    {
        var group = LibCrypto.EC_GROUP_new_by_curve_name(curve);
        OpenSslErrors.Check(group != 0, "a curve");
        return group;
    }
}
