using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CapifOrleans.Security;

/// <summary>
/// AEFPSK (33.122 A.1): the key that an API invoker and an AEF share, derived at either end of the invoker's CAPIF-1e session. It is the
/// KDF of 33.220 Annex B: HMAC-SHA-256(master secret, 0x7A || P0 || L0 || P1 || L1).
/// </summary>
#if CAPIF_CLIENT
// The client library compiles the derivation into itself, where it is not for others (docs/decisions.md).
internal static class AefPsk
#else
public static class AefPsk
#endif
{
    /// <summary>Octets of the key.</summary>
    public const int Length = 32;

    /// <summary>
    /// The exporter (RFC 8446 7.5) that stands for the session in TLS 1.3, which has neither a session id that both ends can rely on nor a
    /// master secret: the first <see cref="SessionIdLength"/> octets are the session id, the rest the master secret (docs/divergences.md).
    /// </summary>
    public const string ExporterLabel = "EXPERIMENTAL-capif-aefpsk";

    /// <summary>Octets to be exported.</summary>
    public const int ExporterLength = SessionIdLength + MasterSecretLength;

    /// <summary>Octets of a session id.</summary>
    public const int SessionIdLength = 32;

    /// <summary>Octets of a master secret.</summary>
    public const int MasterSecretLength = 48;

    private const byte FunctionCode = 0x7A;

    /// <summary>Derives the key for one AEF.</summary>
    /// <param name="masterSecret">The master secret of the CAPIF-1e session, 48 octets.</param>
    /// <param name="sessionId">P1: its session id, 32 octets.</param>
    /// <param name="aefId">P0, the service API interface information: the AEF's identifier (docs/divergences.md).</param>
    /// <exception cref="ArgumentException">The session is none that a key can be derived from: a part of it is missing.</exception>
    public static byte[] Derive(ReadOnlySpan<byte> masterSecret, ReadOnlySpan<byte> sessionId, string aefId)
    {
        if (masterSecret.Length != MasterSecretLength)
            throw new ArgumentException($"A master secret has {MasterSecretLength} octets.", nameof(masterSecret));
        if (sessionId.Length != SessionIdLength)
            throw new ArgumentException($"A session id has {SessionIdLength} octets: without one nothing says which session it was.", nameof(sessionId));
        // 33.220 B.2.1.2: UTF-8 after NFKC.
        var interfaceInformation = Encoding.UTF8.GetBytes(aefId.Normalize(NormalizationForm.FormKC));
        if (interfaceInformation.Length is 0 or > ushort.MaxValue)
            throw new ArgumentException("The AEF's identifier is empty or too long.", nameof(aefId));
        var input = new byte[1 + interfaceInformation.Length + 2 + sessionId.Length + 2];
        var at = input.AsSpan();
        at[0] = FunctionCode;
        at = Put(at[1..], interfaceInformation);
        Put(at, sessionId);
        return HMACSHA256.HashData(masterSecret, input);
    }

    /// <summary>A parameter, and then its length in two octets (33.220 B.2.0).</summary>
    private static Span<byte> Put(Span<byte> at, ReadOnlySpan<byte> parameter)
    {
        parameter.CopyTo(at);
        BinaryPrimitives.WriteUInt16BigEndian(at[parameter.Length..], (ushort)parameter.Length);
        return at[(parameter.Length + 2)..];
    }
}
