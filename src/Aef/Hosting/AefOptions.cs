using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Tls;

namespace CapifOrleans.Aef.Hosting;

/// <summary>What an exposing function is made of.</summary>
public sealed class AefOptions
{
    /// <summary>What it is told.</summary>
    public required AefConfiguration Configuration { get; init; }

    /// <summary>Who it is.</summary>
    public required AefIdentity Identity { get; init; }

    /// <summary>Its core function.</summary>
    public required ICoreFunction Core { get; init; }

    /// <summary>The root that the core function's own certificate chains to, as PEM; null where notifications prove nothing.</summary>
    public string? CoreRootPem { get; init; }

    /// <summary>The name in that certificate.</summary>
    public string? CoreHost { get; init; }

    /// <summary>The certificate on CAPIF-2e; null for the one of the configuration, or the AEF's own.</summary>
    public X509Certificate2? ServerCertificate { get; init; }

    /// <summary>The issuers behind it.</summary>
    public X509Certificate2Collection ServerChain { get; init; } = [];

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The TLS server, once it is made, for who replaces its certificate.</summary>
    public Action<OpenSslServer>? TlsReady { get; init; }
}
