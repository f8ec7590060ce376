using System.Runtime.InteropServices;

namespace CapifOrleans.Tls.Native;

/// <summary>The functions of libssl that are used, under their own names (ssl.h of OpenSSL 3.0, whose ABI all of 3.x keeps).</summary>
internal static unsafe partial class LibSsl
{
    internal const string Name = "libssl.so.3";

    internal const int ErrorSsl = 1;
    internal const int ErrorWantRead = 2;
    internal const int ErrorZeroReturn = 6;

    internal const int VerifyNone = 0;
    internal const int VerifyPeer = 1;
    internal const int VerifyFailIfNoPeerCertificate = 2;

    internal const ulong OptionNoTicket = 1UL << 14;
    internal const ulong OptionNoCompression = 1UL << 17;
    internal const ulong OptionCipherServerPreference = 1UL << 22;
    internal const ulong OptionNoRenegotiation = 1UL << 30;

    internal const int ControlMode = 33;
    internal const int ControlSessionCacheMode = 44;
    internal const int ControlSetHostName = 55;
    internal const int ControlChainCertificate = 89;
    internal const int ControlSetGroupsList = 92;
    internal const int ControlSetSignaturesList = 98;
    internal const int ControlSetClientSignaturesList = 102;
    internal const int ControlSetDhAuto = 118;
    internal const int ControlGetExtendedMasterSecret = 122;
    internal const int ControlSetMinProtocol = 123;
    internal const int ControlSetMaxProtocol = 124;

    internal const int ModeNoAutoChain = 0x8;
    internal const int ModeReleaseBuffers = 0x10;
    internal const int SessionCacheServer = 0x2;
    internal const int SessionCacheNoInternal = 0x300;

    internal const int AlpnOk = 0;
    internal const int AlpnFatal = 2;

    /// <summary>NID_auth_psk.</summary>
    internal const int AuthenticationByPsk = 1048;

    internal const int Tls12 = 0x0303;
    internal const int Tls13 = 0x0304;

    [LibraryImport(Name)]
    internal static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport(Name)]
    internal static partial nint TLS_server_method();

    [LibraryImport(Name)]
    internal static partial nint TLS_client_method();

    [LibraryImport(Name)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Name)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint larg, nint parg);

    [LibraryImport(Name)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_security_level(nint context, int level);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(nint context, string list);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_ciphersuites(nint context, string list);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_session_id_context(nint context, byte* id, uint length);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_use_certificate(nint context, nint certificate);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_use_PrivateKey(nint context, nint key);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_cert_verify_callback(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport(Name)]
    internal static partial int SSL_CTX_set_alpn_protos(nint context, byte* protocols, uint length);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_psk_server_callback(nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, uint, uint> callback);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_psk_find_session_callback(nint context, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint*, int> callback);

    [LibraryImport(Name)]
    internal static partial void SSL_CTX_set_psk_client_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, uint, byte*, uint, uint> callback);

    [LibraryImport(Name)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Name)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Name)]
    internal static partial void SSL_set_bio(nint ssl, nint input, nint output);

    [LibraryImport(Name)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Name)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_set_ex_data(nint ssl, int index, nint data);

    [LibraryImport(Name)]
    internal static partial nint SSL_get_ex_data(nint ssl, int index);

    [LibraryImport(Name)]
    internal static partial int SSL_get_ex_data_X509_STORE_CTX_idx();

    [LibraryImport(Name)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint larg, nint parg);

    [LibraryImport(Name)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Name)]
    internal static partial int SSL_peek(nint ssl, byte* buffer, int length);

    [LibraryImport(Name)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int length);

    [LibraryImport(Name)]
    internal static partial int SSL_has_pending(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Name)]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Name)]
    internal static partial int SSL_version(nint ssl);

    [LibraryImport(Name)]
    internal static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(Name)]
    internal static partial ushort SSL_CIPHER_get_protocol_id(nint cipher);

    [LibraryImport(Name)]
    internal static partial int SSL_CIPHER_get_auth_nid(nint cipher);

    [LibraryImport(Name)]
    internal static partial int SSL_session_reused(nint ssl);

    [LibraryImport(Name)]
    internal static partial nint SSL_CIPHER_find(nint ssl, byte* twoOctets);

    [LibraryImport(Name)]
    internal static partial nint SSL_get_servername(nint ssl, int type);

    [LibraryImport(Name)]
    internal static partial void SSL_get0_alpn_selected(nint ssl, byte** data, uint* length);

    [LibraryImport(Name)]
    internal static partial nint SSL_get_session(nint ssl);

    [LibraryImport(Name)]
    internal static partial byte* SSL_SESSION_get_id(nint session, uint* length);

    [LibraryImport(Name)]
    internal static partial nuint SSL_SESSION_get_master_key(nint session, byte* output, nuint length);

    [LibraryImport(Name)]
    internal static partial nint SSL_SESSION_new();

    [LibraryImport(Name)]
    internal static partial void SSL_SESSION_free(nint session);

    [LibraryImport(Name)]
    internal static partial int SSL_SESSION_set1_master_key(nint session, byte* key, nuint length);

    [LibraryImport(Name)]
    internal static partial int SSL_SESSION_set_cipher(nint session, nint cipher);

    [LibraryImport(Name)]
    internal static partial int SSL_SESSION_set_protocol_version(nint session, int version);

    [LibraryImport(Name)]
    internal static partial int SSL_export_keying_material(
        nint ssl, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);
}
