using System.Runtime.InteropServices;
using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls;

/// <summary>Whether OpenSSL 3 is on this machine. What does not need it works without.</summary>
public static class OpenSslLibrary
{
    private const ulong InitNoAtExit = 0x80000;
    private static readonly Lazy<string?> Fault = new(Load);

    /// <summary>Whether libssl.so.3 and libcrypto.so.3 could be loaded.</summary>
    public static bool IsAvailable => Fault.Value is null;

    /// <summary>Why they could not, and what to do; null if they could.</summary>
    public static string? Unavailable => Fault.Value;

    /// <summary>What the library calls itself, as "OpenSSL 3.0.19 27 Jan 2026".</summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3.</exception>
    public static string Version
    {
        get
        {
            Require();
            return Marshal.PtrToStringUTF8(LibCrypto.OpenSSL_version(0)) ?? "OpenSSL 3";
        }
    }

    /// <summary>Called before anything is asked of the library.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL 3; the message says what to do.</exception>
    public static void Require()
    {
        if (Fault.Value is { } fault)
            throw new PlatformNotSupportedException(fault);
    }

    private static string? Load()
    {
        if (!NativeLibrary.TryLoad(LibCrypto.Name, out _) || !NativeLibrary.TryLoad(LibSsl.Name, out _))
            return $"OpenSSL 3 ({LibSsl.Name}, {LibCrypto.Name}) could not be loaded. Install the system's package of it (libssl3 on Debian and Ubuntu, openssl-libs on Fedora).";
        // No clean-up at exit: threads of ours may still be in it then (as .NET's own use of it has it).
        return LibSsl.OPENSSL_init_ssl(InitNoAtExit, 0) == 1 && LibCrypto.OpenSSL_version_num() >> 28 == 3
            ? null
            : $"{LibSsl.Name} is no OpenSSL 3.";
    }
}
