namespace CapifOrleans;

/// <summary>Who is at the other end of a connection, as the grain that owns the certificate's record says.</summary>
[GenerateSerializer, Immutable, Alias("capif.CallerIdentity")]
public sealed record CallerIdentity
{
    /// <summary>The role.</summary>
    [Id(0)]
    public required CallerRole Role { get; init; }

    /// <summary>The identifier that this core function gave: apiInvokerId or API provider function id.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>The apiProvDomId of an API provider function; null for others.</summary>
    [Id(2)]
    public string? ApiProvDomId { get; init; }

    /// <summary>When the certificate on record expires; a connection is not served past it.</summary>
    [Id(3)]
    public DateTimeOffset CertificateExpiresAt { get; init; }
}

/// <summary>The certificate that a peer presented and proved to hold, after chain, validity and purpose were checked.</summary>
[GenerateSerializer, Immutable, Alias("capif.PresentedCertificate")]
public sealed record PresentedCertificate
{
    /// <summary>Serial number, upper-case hexadecimal.</summary>
    [Id(0)]
    public required string SerialNumber { get; init; }

    /// <summary>SHA-256 of the certificate, upper-case hexadecimal.</summary>
    [Id(1)]
    public required string Thumbprint { get; init; }
}
