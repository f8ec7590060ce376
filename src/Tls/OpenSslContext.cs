using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Tls.Native;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CapifOrleans.Tls;

/// <summary>
/// An SSL_CTX and what its callbacks ask. It does not change: a new certificate is a new context, and connections keep that under which they
/// began.
/// </summary>
internal sealed unsafe partial class OpenSslContext
{
    private OpenSslContext(bool isServer)
    {
        OpenSslLibrary.Require();
        IsServer = isServer;
        LibCrypto.ERR_clear_error();
        Handle = new SafeContextHandle(LibSsl.SSL_CTX_new(isServer ? LibSsl.TLS_server_method() : LibSsl.TLS_client_method()));
        OpenSslErrors.Check(!Handle.IsInvalid, "a TLS context");
    }

    internal SafeContextHandle Handle { get; }

    internal bool IsServer { get; }

    private nint Pointer => Handle.DangerousGetHandle();

    internal PeerVerifier? Verify { get; private init; }

    internal PskLookup? PskLookup { get; private init; }

    internal Func<PskCredential?>? Psk { get; private init; }

    /// <summary>Protocol names, each after its length, as ALPN has them on the wire.</summary>
    internal byte[] Alpn { get; private init; } = [];

    internal static OpenSslContext ForServer(OpenSslServerOptions options)
    {
        var asked = options.ClientCertificateMode is not ClientCertificateMode.NoCertificate;
        if (options.ClientCertificateMode is ClientCertificateMode.DelayCertificate)
            throw new ArgumentException("A client certificate cannot be asked for after the handshake here: renegotiation is off.", nameof(options));
        if (options.Certificate is null && options.PskLookup is null)
            throw new ArgumentException("Neither a certificate nor pre-shared keys: no peer could ever connect.", nameof(options));
        var context = new OpenSslContext(isServer: true)
        {
            Verify = options.Verify,
            PskLookup = options.PskLookup,
            Alpn = WireForm(options.ApplicationProtocols),
        };
        context.ApplyProfile(options.Certificate is not null, options.PskLookup is not null, SslProtocols.Tls12 | SslProtocols.Tls13);
        context.ApplySessionRules();
        if (options.Certificate is { } certificate)
            KeyMaterial.Use(context.Pointer, certificate, options.Chain);
        var required = options.ClientCertificateMode is ClientCertificateMode.RequireCertificate;
        var mode = (asked ? LibSsl.VerifyPeer : LibSsl.VerifyNone) | (required ? LibSsl.VerifyFailIfNoPeerCertificate : 0);
        context.ApplyCallbacks(mode);
        return context;
    }

    internal static OpenSslContext ForClient(OpenSslClientOptions options)
    {
        var context = new OpenSslContext(isServer: false)
        {
            Verify = options.Verify ?? (options.Psk is null ? new ServerCertificateRule(options).Accept : null),
            Psk = options.Psk,
            Alpn = WireForm(options.ApplicationProtocols),
        };
        context.ApplyProfile(certificate: options.Psk is null, psk: options.Psk is not null, options.Protocols);
        if (options.Certificate is { } certificate)
            KeyMaterial.Use(context.Pointer, certificate, options.Chain);
        context.ApplyCallbacks(LibSsl.VerifyPeer);
        return context;
    }

    private void ApplyProfile(bool certificate, bool psk, SslProtocols protocols)
    {
        // TS 33.210 6.2.1: nothing else is to be spoken.
        if (protocols is SslProtocols.None || (protocols & ~(SslProtocols.Tls12 | SslProtocols.Tls13)) != 0)
            throw new ArgumentException("The TLS versions are 1.2 and 1.3.", nameof(protocols));
        LibSsl.SSL_CTX_set_security_level(Pointer, TlsProfile.SecurityLevel);
        Control(LibSsl.ControlSetMinProtocol, protocols.HasFlag(SslProtocols.Tls12) ? LibSsl.Tls12 : LibSsl.Tls13, "the lowest TLS version");
        Control(LibSsl.ControlSetMaxProtocol, protocols.HasFlag(SslProtocols.Tls13) ? LibSsl.Tls13 : LibSsl.Tls12, "the highest TLS version");
        OpenSslErrors.Check(LibSsl.SSL_CTX_set_cipher_list(Pointer, TlsProfile.Tls12Suites(certificate, psk)) == 1, "the TLS 1.2 suites");
        OpenSslErrors.Check(LibSsl.SSL_CTX_set_ciphersuites(Pointer, TlsProfile.Tls13Suites) == 1, "the TLS 1.3 suites");
        Control(LibSsl.ControlSetGroupsList, TlsProfile.Groups, "the groups");
        Control(LibSsl.ControlSetSignaturesList, TlsProfile.Signatures, "the signature algorithms");
        Control(LibSsl.ControlSetClientSignaturesList, TlsProfile.Signatures, "the clients' signature algorithms");
        Control(LibSsl.ControlSetDhAuto, 1, "DH parameters");
        LibSsl.SSL_CTX_ctrl(Pointer, LibSsl.ControlMode, LibSsl.ModeReleaseBuffers | LibSsl.ModeNoAutoChain, 0);
        LibSsl.SSL_CTX_set_options(
            Pointer,
            LibSsl.OptionNoTicket | LibSsl.OptionNoCompression | LibSsl.OptionNoRenegotiation | LibSsl.OptionCipherServerPreference);
    }

    /// <summary>
    /// A session id in TLS 1.2 without anything to resume: both ends know the id (33.122 A.1), and every handshake is a full one. No
    /// resumption could outlive a key or a certificate that was revoked.
    /// </summary>
    private void ApplySessionRules()
    {
        LibSsl.SSL_CTX_ctrl(Pointer, LibSsl.ControlSessionCacheMode, LibSsl.SessionCacheServer | LibSsl.SessionCacheNoInternal, 0);
        OpenSslErrors.Check(LibSsl.SSL_CTX_set_num_tickets(Pointer, 0) == 1, "no tickets");
        var id = RandomNumberGenerator.GetBytes(16);
        fixed (byte* octets = id)
            OpenSslErrors.Check(LibSsl.SSL_CTX_set_session_id_context(Pointer, octets, (uint)id.Length) == 1, "a session id context");
    }

    private void Control(int command, nint value, string what) =>
        OpenSslErrors.Check(LibSsl.SSL_CTX_ctrl(Pointer, command, value, 0) == 1, what);

    private void Control(int command, string list, string what)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(list + "\0"))
            OpenSslErrors.Check(LibSsl.SSL_CTX_ctrl(Pointer, command, 0, (nint)text) == 1, what);
    }

    private static byte[] WireForm(IReadOnlyList<SslApplicationProtocol> protocols)
    {
        var octets = new List<byte>();
        foreach (var protocol in protocols)
        {
            octets.Add(checked((byte)protocol.Protocol.Length));
            octets.AddRange(protocol.Protocol.Span);
        }

        return [.. octets];
    }
}
