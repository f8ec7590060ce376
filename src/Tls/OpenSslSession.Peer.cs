using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls.Native;
using Microsoft.AspNetCore.Connections;

namespace CapifOrleans.Tls;

/// <summary>Who the peer is: its certificate, or its pre-shared key. All of it runs within OpenSSL's callbacks, under the session's lock.</summary>
internal sealed unsafe partial class OpenSslSession
{
    private byte[] _identity = [];
    private byte[]? _peer;
    private X509Certificate2? _peerCertificate;

    /// <summary>The certificate that the peer presented and that was accepted; read when it is first asked for.</summary>
    internal X509Certificate2? PeerCertificate =>
        _peerCertificate ??= _peer is null ? null : X509CertificateLoader.LoadCertificate(_peer);

    /// <summary>The verdict on the peer's certificate; false on any fault.</summary>
    internal bool AcceptPeer(nint store)
    {
        try
        {
            if (Context.Verify is not { } verify)
                return false;
            _peer = Copy(LibCrypto.X509_STORE_CTX_get0_cert(store));
            var sent = new List<byte[]>();
            var stack = LibCrypto.X509_STORE_CTX_get0_untrusted(store);
            // The first is the certificate itself.
            for (var index = 1; index < LibCrypto.OPENSSL_sk_num(stack); index++)
                sent.Add(Copy(LibCrypto.OPENSSL_sk_value(stack, index)));
            var peer = new PeerVerification(_peer, () => PeerCertificate!, sent, Connection as ConnectionContext);
            try
            {
                return verify(peer);
            }
            finally
            {
                peer.Forget();
            }
        }
        catch (Exception fault)
        {
            Fault = fault;
            return false;
        }
    }

    /// <summary>
    /// The key of an identity. For one that is unknown it is a random one, so that it fails where a wrong key fails, as late and with the
    /// same alert; 0 for what is no identity at all.
    /// </summary>
    internal int FindPsk(ReadOnlySpan<byte> identity, Span<byte> key)
    {
        if (identity.Length is 0 or > 255)
            return 0;
        try
        {
            _identity = identity.ToArray();
            if (Context.PskLookup!(identity) is { Length: > 0 } found && found.Length <= key.Length)
            {
                found.CopyTo(key);
                return found.Length;
            }
        }
        catch (Exception fault)
        {
            Fault = fault;
        }

        RandomNumberGenerator.Fill(key[..32]);
        return 32;
    }

    /// <summary>The key that this client offers; 0 if it has none.</summary>
    internal int GivePsk(Span<byte> identity, Span<byte> key)
    {
        try
        {
            if (Context.Psk!() is not { } credential)
                return 0;
            var name = credential.Identity.Span;
            if (name.Length is 0 or > 255 || name.Length >= identity.Length || name.Contains((byte)0) || credential.Key.Length > key.Length)
                throw new ArgumentException("A pre-shared key needs an identity of 1 to 255 octets other than 0, and at most 256 octets of key.");
            name.CopyTo(identity);
            identity[name.Length] = 0;
            credential.Key.Span.CopyTo(key);
            _identity = name.ToArray();
            return credential.Key.Length;
        }
        catch (Exception fault)
        {
            Fault = fault;
            return 0;
        }
    }

    private static byte[] Copy(nint certificate)
    {
        var length = LibCrypto.i2d_X509(certificate, null);
        if (length <= 0)
            throw new CryptographicException("The peer's certificate cannot be written out.");
        var octets = new byte[length];
        fixed (byte* pinned = octets)
        {
            var at = pinned;
            _ = LibCrypto.i2d_X509(certificate, &at);
        }

        return octets;
    }
}
