namespace CapifOrleans.Aef.Configuration;

/// <summary>
/// What an exposing function is told: one JSON file (docs/exposure.md). Paths are relative to the file. Its properties can be set, since
/// generated code that reads JSON would set each of an init property's to nothing where the file does not name it.
/// </summary>
public sealed record AefConfiguration
{
    /// <summary>The core function, for who reaches it by HTTPS; an AEF within a core function's own process needs none.</summary>
    public CoreFunctionAddress? Core { get; set; }

    /// <summary>The folder of keys, identifiers, revocations and waiting invocation logs; made if it is not there, mode 0700.</summary>
    public string Folder { get; set; } = "aef-data";

    /// <summary>Who the AEF is, where it was registered by other means than <c>aef register</c>.</summary>
    public AefIdentityFiles? Identity { get; set; }

    /// <summary>Where it listens, and under what name.</summary>
    public ListenAddress Listen { get; set; } = new();

    /// <summary>The certificate that it presents on CAPIF-2e; its own as an AEF where this is absent.</summary>
    public CertificateFiles? Certificate { get; set; }

    /// <summary>The service APIs that it exposes.</summary>
    public ImmutableArray<ExposedApi> ServiceApis { get; set; } = [];

    /// <summary>Other AEFs that hide this one and forward invocations to it (CAPIF-7): their identifiers.</summary>
    public ImmutableArray<string> EntryAefs { get; set; } = [];

    /// <summary>Invocation logs that wait for the core function.</summary>
    public WaitingLogs Logs { get; set; } = new();

    /// <summary>Seconds after which security information and policies are asked for again, if nothing told of a change.</summary>
    public int RefreshSeconds { get; set; } = 300;

    /// <summary>The most connections at a time.</summary>
    public int MaxConnections { get; set; } = 20_000;
}

/// <summary>A core function by its HTTPS address.</summary>
public sealed record CoreFunctionAddress
{
    /// <summary>Its core listener: CAPIF-3, 4 and 5.</summary>
    public required Uri Address { get; set; }

    /// <summary>PEM file with the root that its certificate chains to.</summary>
    public required string Root { get; set; }

    /// <summary>Where it publishes the keys of its tokens as a JWK set, relative to the address; null where it does not.</summary>
    public string? TokenKeys { get; set; } = "/.well-known/jwks.json";
}

/// <summary>An AEF's identifier, certificate and key.</summary>
public sealed record AefIdentityFiles
{
    /// <summary>The aefId that the core function gave.</summary>
    public required string AefId { get; set; }

    /// <summary>PEM file with its certificate and the issuers behind it.</summary>
    public required string Certificate { get; set; }

    /// <summary>PEM file with its private key.</summary>
    public required string Key { get; set; }
}

/// <summary>A certificate and its key.</summary>
public sealed record CertificateFiles
{
    /// <summary>PEM file with the certificate and the issuers behind it.</summary>
    public required string File { get; set; }

    /// <summary>PEM file with its private key.</summary>
    public required string Key { get; set; }
}

/// <summary>Where an AEF listens.</summary>
public sealed record ListenAddress
{
    /// <summary>The address that it binds; null for all.</summary>
    public string? Address { get; set; }

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; set; } = 8444;

    /// <summary>The name or address by which API invokers reach it: it is published.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>The port by which API invokers reach it, where that is another one.</summary>
    public int? PublicPort { get; set; }
}

/// <summary>How much of invocation logs may wait for the core function.</summary>
public sealed record WaitingLogs
{
    /// <summary>Megabytes on disk; when they are full, invocations are refused rather than not logged.</summary>
    public int MaxMegabytes { get; set; } = 512;
}
