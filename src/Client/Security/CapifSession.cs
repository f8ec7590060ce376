using System.Security.Authentication;
using System.Security.Cryptography;
using CapifOrleans.Security;
using CapifOrleans.Tls;

namespace CapifOrleans.Client;

/// <summary>The API invoker's own end of the CAPIF-1e session on which it negotiated, which AEFPSK is derived from (TS 33.122 A.1). It is secret.</summary>
internal sealed class CapifSession : IDisposable
{
    private readonly byte[] _sessionId;
    private readonly byte[] _masterSecret;

    private CapifSession(byte[] sessionId, byte[] masterSecret)
    {
        _sessionId = sessionId;
        _masterSecret = masterSecret;
    }

    /// <summary>
    /// The session of a connection right after its handshake; null where nothing fit to derive a key from can be seen: a server that gave no
    /// session id, or no extended master secret (RFC 7627), without which two sessions could have the same.
    /// </summary>
    public static CapifSession? Read(ITlsSessionFeature session)
    {
        if (!session.IsExtendedMasterSecret)
            return null;
        if (session.ProtocolVersion == SslProtocols.Tls12)
        {
            return session.SessionId.Length == AefPsk.SessionIdLength && session.MasterSecret.Length == AefPsk.MasterSecretLength
                ? new CapifSession(session.SessionId.ToArray(), session.MasterSecret.ToArray())
                : null;
        }

        var exported = session.Export(AefPsk.ExporterLabel, AefPsk.ExporterLength);
        var made = new CapifSession(exported[..AefPsk.SessionIdLength], exported[AefPsk.SessionIdLength..]);
        CryptographicOperations.ZeroMemory(exported);
        return made;
    }

    /// <summary>The key for one AEF.</summary>
    public byte[] Derive(string aefId) => AefPsk.Derive(_masterSecret, _sessionId, aefId);

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_masterSecret);
        CryptographicOperations.ZeroMemory(_sessionId);
    }
}
