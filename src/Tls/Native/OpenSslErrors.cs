using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CapifOrleans.Tls.Native;

/// <summary>OpenSSL's error queue, one for each thread: it is read right after the call that failed, on the same thread.</summary>
internal static class OpenSslErrors
{
    /// <summary>Takes all that is queued; the last is what is nearest to the cause that the caller can name.</summary>
    internal static string Take(string otherwise)
    {
        string? text = null;
        for (var error = LibCrypto.ERR_get_error(); error != 0; error = LibCrypto.ERR_get_error())
            text = Marshal.PtrToStringUTF8(LibCrypto.ERR_reason_error_string(error)) ?? text;
        return text ?? otherwise;
    }

    /// <summary>A call that can only fail by a fault of ours, or of the machine.</summary>
    /// <exception cref="CryptographicException">It failed.</exception>
    internal static void Check(bool succeeded, string what)
    {
        if (!succeeded)
            throw new CryptographicException($"OpenSSL refused {what}: {Take("no reason given")}.");
    }
}
