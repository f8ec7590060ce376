using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls;

/// <summary>What OpenSSL calls back. Nothing may be thrown through its frames: the session keeps the fault and the handshake fails.</summary>
internal sealed unsafe partial class OpenSslContext
{
    private void ApplyCallbacks(int verifyMode)
    {
        LibSsl.SSL_CTX_set_verify(Pointer, verifyMode, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(Pointer, &OnVerify, 0);
        if (IsServer && Alpn.Length > 0)
            LibSsl.SSL_CTX_set_alpn_select_cb(Pointer, &OnSelectAlpn, 0);
        if (!IsServer && Alpn.Length > 0)
        {
            // The one function of OpenSSL that returns 0 for success.
            fixed (byte* protocols = Alpn)
                OpenSslErrors.Check(LibSsl.SSL_CTX_set_alpn_protos(Pointer, protocols, (uint)Alpn.Length) == 0, "the application protocols");
        }

        if (PskLookup is not null)
        {
            LibSsl.SSL_CTX_set_psk_server_callback(Pointer, &OnServerPsk);
            LibSsl.SSL_CTX_set_psk_find_session_callback(Pointer, &OnFindPsk);
        }

        if (Psk is not null)
            LibSsl.SSL_CTX_set_psk_client_callback(Pointer, &OnClientPsk);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnVerify(nint store, nint argument)
    {
        var ssl = LibCrypto.X509_STORE_CTX_get_ex_data(store, LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx());
        // .NET's chain building uses the same libcrypto, and may leave errors in this thread's queue, where SSL_get_error would find them and
        // take a handshake that only waits for its peer for one that failed.
        _ = LibCrypto.ERR_set_mark();
        var accepted = OpenSslSession.Of(ssl)?.AcceptPeer(store) == true;
        _ = LibCrypto.ERR_pop_to_mark();
        LibCrypto.X509_STORE_CTX_set_error(store, accepted ? LibCrypto.VerifyOk : LibCrypto.VerifyRejected);
        return accepted ? 1 : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSelectAlpn(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, nint argument)
    {
        if (OpenSslSession.Of(ssl) is not { } session)
            return LibSsl.AlpnFatal;
        ReadOnlySpan<byte> ours = session.Context.Alpn;
        for (; ours.Length > 0; ours = ours[(ours[0] + 1)..])
        {
            var wanted = ours.Slice(1, ours[0]);
            for (uint at = 0; at < offeredLength && at + 1 + offered[at] <= offeredLength; at += 1u + offered[at])
            {
                if (!new ReadOnlySpan<byte>(offered + at + 1, offered[at]).SequenceEqual(wanted))
                    continue;
                *chosen = offered + at + 1;
                *chosenLength = offered[at];
                return LibSsl.AlpnOk;
            }
        }

        return LibSsl.AlpnFatal;
    }

    /// <summary>TLS 1.2. It is also asked in TLS 1.3, where <see cref="OnFindPsk"/> has answered already.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnServerPsk(nint ssl, byte* identity, byte* key, uint longest)
    {
        if (LibSsl.SSL_version(ssl) == LibSsl.Tls13 || OpenSslSession.Of(ssl) is not { } session)
            return 0;
        return (uint)session.FindPsk(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(identity), new Span<byte>(key, (int)longest));
    }

    /// <summary>
    /// TLS 1.3. 1 without a session: the identity is no pre-shared key of ours, a certificate may do. That is so for session tickets, which come
    /// here as well: a client may have one of another server of the same name, or of none that still runs. They are no text, as the identities of
    /// keys are (RFC 4279 5.1), so that an unknown identity is still refused as a wrong key is.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnFindPsk(nint ssl, byte* identity, nuint length, nint* found)
    {
        *found = 0;
        if (OpenSslSession.Of(ssl) is not { } session)
            return 0;
        var offered = length > 255 ? default : new ReadOnlySpan<byte>(identity, (int)length);
        if (!IsText(offered))
            return 1;
        Span<byte> key = stackalloc byte[256];
        var octets = session.FindPsk(offered, key);
        if (octets == 0)
            return 1;
        *found = ExternalSession(ssl, key[..octets]);
        key.Clear();
        return *found == 0 ? 0 : 1;
    }

    private static bool IsText(ReadOnlySpan<byte> identity) =>
        Utf8.IsValid(identity) && !identity.ContainsAnyInRange((byte)0, (byte)0x1F) && !identity.Contains((byte)0x7F);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnClientPsk(nint ssl, byte* hint, byte* identity, uint longestIdentity, byte* key, uint longest)
    {
        if (OpenSslSession.Of(ssl) is not { } session)
            return 0;
        return (uint)session.GivePsk(new Span<byte>(identity, (int)longestIdentity), new Span<byte>(key, (int)longest));
    }

    /// <summary>An external key is bound to SHA-256 unless it says otherwise (RFC 8446 4.2.11).</summary>
    private static nint ExternalSession(nint ssl, ReadOnlySpan<byte> key)
    {
        var suite = stackalloc byte[] { 0x13, 0x01 };
        var session = LibSsl.SSL_SESSION_new();
        fixed (byte* octets = key)
        {
            if (session != 0
                && LibSsl.SSL_SESSION_set1_master_key(session, octets, (nuint)key.Length) == 1
                && LibSsl.SSL_SESSION_set_cipher(session, LibSsl.SSL_CIPHER_find(ssl, suite)) == 1
                && LibSsl.SSL_SESSION_set_protocol_version(session, LibSsl.Tls13) == 1)
            {
                return session;
            }
        }

        if (session != 0)
            LibSsl.SSL_SESSION_free(session);
        return 0;
    }
}
