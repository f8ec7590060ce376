using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls;

/// <summary>What the session is known by. The harmless is read right after the handshake; the secret only when it is asked for.</summary>
internal sealed unsafe partial class OpenSslSession : ITlsSessionFeature
{
    private byte[] _masterSecret = [];
    private bool _established;

    /// <inheritdoc/>
    public SslProtocols ProtocolVersion { get; private set; }

    /// <inheritdoc/>
    public TlsCipherSuite CipherSuite { get; private set; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> SessionId { get; private set; }

    /// <inheritdoc/>
    public bool IsExtendedMasterSecret { get; private set; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PskIdentity { get; private set; }

    /// <summary>The application protocol that both chose; empty if none.</summary>
    internal ReadOnlyMemory<byte> ApplicationProtocol { get; private set; }

    /// <summary>The name that the client wanted (SNI); empty if it gave none.</summary>
    internal string HostName { get; private set; } = "";

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> MasterSecret
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_ssl == 0, this);
                if (_masterSecret.Length > 0 || ProtocolVersion != SslProtocols.Tls12)
                    return _masterSecret;
                Span<byte> octets = stackalloc byte[64];
                fixed (byte* pinned = octets)
                {
                    var length = LibSsl.SSL_SESSION_get_master_key(LibSsl.SSL_get_session(_ssl), pinned, (nuint)octets.Length);
                    _masterSecret = octets[..(int)length].ToArray();
                }

                CryptographicOperations.ZeroMemory(octets);
                return _masterSecret;
            }
        }
    }

    /// <inheritdoc/>
    public byte[] Export(string label, int length)
    {
        var name = Encoding.ASCII.GetBytes(label);
        var octets = new byte[length];
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ssl == 0, this);
            LibCrypto.ERR_clear_error();
            fixed (byte* output = octets, labelled = name)
            {
                OpenSslErrors.Check(
                    _established && LibSsl.SSL_export_keying_material(_ssl, output, (nuint)length, labelled, (nuint)name.Length, null, 0, 0) == 1,
                    "an export of keying material");
            }
        }

        return octets;
    }

    private void Established()
    {
        var isTls13 = LibSsl.SSL_version(_ssl) == LibSsl.Tls13;
        var suite = LibSsl.SSL_CIPHER_get_protocol_id(LibSsl.SSL_get_current_cipher(_ssl));
        ProtocolVersion = isTls13 ? SslProtocols.Tls13 : SslProtocols.Tls12;
        CipherSuite = (TlsCipherSuite)suite;
        IsExtendedMasterSecret = isTls13 || LibSsl.SSL_ctrl(_ssl, LibSsl.ControlGetExtendedMasterSecret, 0, 0) == 1;
        // A key may be looked up and a certificate be what counted in the end, if an unknown offer was passed over.
        PskIdentity = _peer is null && IsByPsk(isTls13) ? _identity : default;
        byte* data;
        uint length;
        LibSsl.SSL_get0_alpn_selected(_ssl, &data, &length);
        if (length > 0)
            ApplicationProtocol = Known(new ReadOnlySpan<byte>(data, (int)length));
        if (Context.IsServer)
            HostName = Marshal.PtrToStringUTF8(LibSsl.SSL_get_servername(_ssl, 0)) ?? "";
        if (!isTls13)
        {
            var id = LibSsl.SSL_SESSION_get_id(LibSsl.SSL_get_session(_ssl), &length);
            SessionId = new ReadOnlySpan<byte>(id, (int)length).ToArray();
        }

        _established = true;
    }

    /// <summary>An external key of TLS 1.3 counts as a session that is gone on with; resumption there is none.</summary>
    private bool IsByPsk(bool isTls13) => isTls13
        ? LibSsl.SSL_session_reused(_ssl) == 1
        : LibSsl.SSL_CIPHER_get_auth_nid(LibSsl.SSL_get_current_cipher(_ssl)) == LibSsl.AuthenticationByPsk;

    private static ReadOnlyMemory<byte> Known(ReadOnlySpan<byte> protocol)
    {
        if (protocol.SequenceEqual(SslApplicationProtocol.Http2.Protocol.Span))
            return SslApplicationProtocol.Http2.Protocol;
        return protocol.SequenceEqual(SslApplicationProtocol.Http11.Protocol.Span) ? SslApplicationProtocol.Http11.Protocol : protocol.ToArray();
    }

    private void Forget()
    {
        CryptographicOperations.ZeroMemory(_masterSecret);
        _peerCertificate?.Dispose();
    }
}
