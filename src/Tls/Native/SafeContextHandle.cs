using System.Runtime.InteropServices;

namespace CapifOrleans.Tls.Native;

/// <summary>One SSL_CTX. Each connection counts as a reference of its own within OpenSSL, so it may be let go while they live.</summary>
internal sealed class SafeContextHandle : SafeHandle
{
    internal SafeContextHandle(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
