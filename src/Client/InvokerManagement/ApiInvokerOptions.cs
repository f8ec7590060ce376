using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Tls;

namespace CapifOrleans.Client;

/// <summary>How an API invoker is onboarded, and how it goes about calling service APIs.</summary>
public sealed class ApiInvokerOptions
{
    /// <summary>
    /// Where the core function sends notifications (mandatory in TS 29.222 8.4.4.2.2 and 8.5.4.2.2). Nothing of this library listens there:
    /// an application that does hands on what comes, to <see cref="ApiInvoker.Notified"/> or <see cref="ApiInvoker.CompleteOnboardingAsync"/>; one
    /// that does not learns of a revocation by an AEF's refusal.
    /// </summary>
    public required Uri NotificationDestination { get; init; }

    /// <summary>Generic information about the API invoker (<c>apiInvokerInformation</c>).</summary>
    public string? ApiInvokerInformation { get; init; }

    /// <summary>
    /// The security methods that it can use, the preferred first; the core function selects (TS 33.122 6.3.1.2). PSK is left out where there
    /// is no OpenSSL 3 on the machine.
    /// </summary>
    public IReadOnlyList<SecurityMethod> PreferredMethods { get; init; } = [SecurityMethod.Psk, SecurityMethod.Pki, SecurityMethod.Oauth];

    /// <summary>
    /// The TLS versions of the connection on which PSK is negotiated. TS 33.122 A.1 defines AEFPSK for TLS 1.2 only, so that is what works with
    /// any core function; with TLS 1.3 as well the key is made of an exporter, which this project's core function knows (docs/divergences.md).
    /// </summary>
    public SslProtocols PskNegotiationProtocols { get; init; } = SslProtocols.Tls12;

    /// <summary>Roots that AEFs' certificates may chain to, besides the core function's.</summary>
    public X509Certificate2Collection AefRoots { get; init; } = [];

    /// <summary>
    /// The file that identifier, certificate, private key and Onboard_Secret are kept in, for its owner only (mode 0600); null keeps them in
    /// memory. An onboarding never overwrites one that is there.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>Encrypts private key and Onboard_Secret in that file (AES-256-GCM; PBKDF2-HMAC-SHA-256, 600,000 iterations); null leaves them plain.</summary>
    public string? StatePassword { get; init; }

    /// <summary>Sends the bare public key instead of a certificate signing request, which proves possession of the private key (TS 29.222 leaves the form open).</summary>
    public bool SendBarePublicKey { get; init; }

    /// <summary>How long a request to the core function may take, or an authentication initiation; calls of service APIs have their HttpClient's.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock by which keys and tokens expire.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether PSK can be used on this machine.</summary>
    internal bool HasOpenSsl { get; init; } = OpenSslLibrary.IsAvailable;
}
