using System.Runtime.InteropServices;

namespace CapifOrleans.Tls.Native;

/// <summary>The functions of libcrypto that are used, under their own names.</summary>
internal static unsafe partial class LibCrypto
{
    internal const string Name = "libcrypto.so.3";

    internal const int BioSetMemoryEndReturn = 130;
    internal const int BioPending = 10;
    internal const int NidP256 = 415;
    internal const int NidP384 = 715;
    internal const int VerifyOk = 0;
    internal const int VerifyRejected = 28;

    [LibraryImport(Name)]
    internal static partial ulong OpenSSL_version_num();

    [LibraryImport(Name)]
    internal static partial nint OpenSSL_version(int kind);

    [LibraryImport(Name)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Name)]
    internal static partial int ERR_set_mark();

    [LibraryImport(Name)]
    internal static partial int ERR_pop_to_mark();

    [LibraryImport(Name)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(Name)]
    internal static partial nint ERR_reason_error_string(nuint error);

    [LibraryImport(Name)]
    internal static partial nint BIO_s_mem();

    [LibraryImport(Name)]
    internal static partial nint BIO_new(nint kind);

    [LibraryImport(Name)]
    internal static partial int BIO_free(nint bio);

    [LibraryImport(Name)]
    internal static partial nint BIO_ctrl(nint bio, int command, nint larg, nint parg);

    [LibraryImport(Name)]
    internal static partial int BIO_read(nint bio, byte* buffer, int length);

    [LibraryImport(Name)]
    internal static partial int BIO_write(nint bio, byte* buffer, int length);

    [LibraryImport(Name)]
    internal static partial nint d2i_X509(nint reuse, byte** octets, nint length);

    [LibraryImport(Name)]
    internal static partial int i2d_X509(nint certificate, byte** octets);

    [LibraryImport(Name)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(Name)]
    internal static partial nint d2i_AutoPrivateKey(nint reuse, byte** octets, nint length);

    [LibraryImport(Name)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Name)]
    internal static partial nint X509_STORE_CTX_get_ex_data(nint context, int index);

    [LibraryImport(Name)]
    internal static partial nint X509_STORE_CTX_get0_cert(nint context);

    [LibraryImport(Name)]
    internal static partial nint X509_STORE_CTX_get0_untrusted(nint context);

    [LibraryImport(Name)]
    internal static partial void X509_STORE_CTX_set_error(nint context, int error);

    [LibraryImport(Name)]
    internal static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(Name)]
    internal static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(Name)]
    internal static partial nint EC_GROUP_new_by_curve_name(int curve);

    [LibraryImport(Name)]
    internal static partial nint EC_KEY_new();

    [LibraryImport(Name)]
    internal static partial void EC_KEY_free(nint key);

    [LibraryImport(Name)]
    internal static partial int EC_KEY_set_group(nint key, nint group);

    [LibraryImport(Name)]
    internal static partial int EC_KEY_set_public_key(nint key, nint point);

    [LibraryImport(Name)]
    internal static partial nint EC_POINT_new(nint group);

    [LibraryImport(Name)]
    internal static partial void EC_POINT_free(nint point);

    [LibraryImport(Name)]
    internal static partial int EC_POINT_oct2point(nint group, nint point, byte* octets, nuint length, nint context);

    [LibraryImport(Name)]
    internal static partial int ECDSA_verify(int kind, byte* hash, int hashLength, byte* signature, int signatureLength, nint key);
}
