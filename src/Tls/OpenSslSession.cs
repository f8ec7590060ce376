using System.Runtime.InteropServices;
using System.Security.Authentication;
using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls;

/// <summary>How far a step of the protocol came.</summary>
internal enum TlsStep
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It needs more from the peer.</summary>
    NeedsInput,

    /// <summary>The peer has said that nothing follows (close_notify).</summary>
    Ended,

    /// <summary>The session is broken; what is to be told the peer about it is in the output.</summary>
    Failed,
}

/// <summary>
/// One SSL between two memory BIOs: octets from and for the peer on one side, plain ones on the other. Nothing in it waits. A short lock
/// keeps reader and writer apart, since OpenSSL lets only one at a time into an SSL.
/// </summary>
internal sealed unsafe partial class OpenSslSession : IDisposable
{
    private readonly Lock _lock = new();
    private GCHandle _self;
    private nint _ssl;
    private nint _input;
    private nint _output;
    private volatile int _pending;
    private bool _broken;

    internal OpenSslSession(OpenSslContext context, string? serverName, object? connection)
    {
        Context = context;
        Connection = connection;
        LibCrypto.ERR_clear_error();
        var held = false;
        context.Handle.DangerousAddRef(ref held);
        _ssl = LibSsl.SSL_new(context.Handle.DangerousGetHandle());
        context.Handle.DangerousRelease();
        OpenSslErrors.Check(_ssl != 0, "a connection");
        _input = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        _output = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        // An empty buffer means "not yet", never "the end".
        LibCrypto.BIO_ctrl(_input, LibCrypto.BioSetMemoryEndReturn, -1, 0);
        LibSsl.SSL_set_bio(_ssl, _input, _output);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        OpenSslErrors.Check(LibSsl.SSL_set_ex_data(_ssl, 0, GCHandle.ToIntPtr(_self)) == 1, "a connection's own data");
        if (context.IsServer)
            LibSsl.SSL_set_accept_state(_ssl);
        else
            LibSsl.SSL_set_connect_state(_ssl);
        if (serverName is not null)
        {
            var name = Marshal.StringToCoTaskMemUTF8(serverName);
            LibSsl.SSL_ctrl(_ssl, LibSsl.ControlSetHostName, 0, name);
            Marshal.FreeCoTaskMem(name);
        }
    }

    ~OpenSslSession() => Free();

    internal OpenSslContext Context { get; }

    /// <summary>What the session belongs to, for the verdict on the peer's certificate.</summary>
    internal object? Connection { get; }

    /// <summary>Why the session is broken.</summary>
    internal string Reason { get; private set; } = "the connection is closed";

    /// <summary>A fault of one of our own callbacks.</summary>
    internal Exception? Fault { get; private set; }

    /// <summary>How many octets wait to be sent to the peer.</summary>
    internal int Pending => _pending;

    internal static OpenSslSession? Of(nint ssl)
    {
        var handle = ssl == 0 ? 0 : LibSsl.SSL_get_ex_data(ssl, 0);
        return handle == 0 ? null : GCHandle.FromIntPtr(handle).Target as OpenSslSession;
    }

    internal TlsStep Handshake()
    {
        lock (_lock)
        {
            if (!Enter())
                return TlsStep.Failed;
            var result = LibSsl.SSL_do_handshake(_ssl);
            if (result == 1)
                Established();
            return Leave(result);
        }
    }

    internal TlsStep Read(Span<byte> destination, out int count)
    {
        lock (_lock)
        {
            count = 0;
            if (!Enter())
                return TlsStep.Failed;
            byte probe;
            int result;
            if (destination.IsEmpty)
            {
                // A read of nothing waits until there is something: who waits so holds no buffer meanwhile.
                result = LibSsl.SSL_peek(_ssl, &probe, 1);
                return Leave(result);
            }

            fixed (byte* octets = destination)
                result = LibSsl.SSL_read(_ssl, octets, destination.Length);
            count = Math.Max(0, result);
            return Leave(result);
        }
    }

    internal TlsStep Write(ReadOnlySpan<byte> source)
    {
        lock (_lock)
        {
            if (!Enter())
                return TlsStep.Failed;
            int result;
            fixed (byte* octets = source)
                result = LibSsl.SSL_write(_ssl, octets, source.Length);
            return Leave(result);
        }
    }

    /// <summary>Says that nothing follows (close_notify), if there is anybody to tell.</summary>
    internal void Shutdown()
    {
        lock (_lock)
        {
            // In the middle of a handshake there is nothing to end; after a fault OpenSSL must not be asked.
            if (_established && Enter())
                Leave(LibSsl.SSL_shutdown(_ssl) >= 0 ? 1 : -1);
        }
    }

    /// <summary>Whether a record has begun to arrive and is not whole.</summary>
    internal bool IsWithinRecord()
    {
        lock (_lock)
            return _ssl != 0 && LibSsl.SSL_has_pending(_ssl) == 1;
    }

    /// <summary>Takes in what came from the peer.</summary>
    internal void Feed(ReadOnlySpan<byte> octets)
    {
        lock (_lock)
        {
            if (_ssl == 0 || octets.IsEmpty)
                return;
            int taken;
            fixed (byte* pinned = octets)
                taken = LibCrypto.BIO_write(_input, pinned, octets.Length);
            // Only where memory is at an end; what is missing could not be told from what an attacker took away.
            _broken |= taken != octets.Length;
        }
    }

    /// <summary>Gives out what is for the peer; how much it was.</summary>
    internal int Take(Span<byte> destination)
    {
        lock (_lock)
        {
            if (_ssl == 0)
                return _pending = 0;
            int taken;
            fixed (byte* octets = destination)
                taken = Math.Max(0, LibCrypto.BIO_read(_output, octets, destination.Length));
            _pending = (int)LibCrypto.BIO_ctrl(_output, LibCrypto.BioPending, 0, 0);
            return taken;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Free();
            Forget();
        }

        GC.SuppressFinalize(this);
    }

    private bool Enter()
    {
        if (_ssl == 0 || _broken)
            return false;
        LibCrypto.ERR_clear_error();
        return true;
    }

    private TlsStep Leave(int result)
    {
        _pending = (int)LibCrypto.BIO_ctrl(_output, LibCrypto.BioPending, 0, 0);
        if (result > 0)
            return TlsStep.Done;
        switch (LibSsl.SSL_get_error(_ssl, result))
        {
            case LibSsl.ErrorWantRead:
                return TlsStep.NeedsInput;
            case LibSsl.ErrorZeroReturn:
                return TlsStep.Ended;
            default:
                _broken = true;
                Reason = OpenSslErrors.Take("the protocol was broken off");
                return TlsStep.Failed;
        }
    }

    private void Free()
    {
        if (_ssl == 0)
            return;
        // Both BIOs are the SSL's, and go with it.
        LibSsl.SSL_free(_ssl);
        _ssl = _input = _output = 0;
        _pending = 0;
        _self.Free();
    }

    /// <summary>What the peer or our own callbacks did wrong, for the caller.</summary>
    internal AuthenticationException Failure() => new($"The TLS session failed: {Reason}.", Fault);
}
