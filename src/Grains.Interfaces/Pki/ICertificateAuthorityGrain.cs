namespace CapifOrleans.Pki;

/// <summary>The issuing authority's public side (one, key "issuing"): its revocation list, and the operator's own certificates.</summary>
[Alias("capif.ICertificateAuthorityGrain")]
public interface ICertificateAuthorityGrain : IGrainWithStringKey
{
    /// <summary>The revocation list (RFC 5280 5) in DER. It holds every certificate whose revocation returned before this call.</summary>
    [Alias("GetCrl")]
    Task<ImmutableArray<byte>> GetCrlAsync(CancellationToken cancellationToken);

    /// <summary>A shard of the revocations changed: the next list is made anew.</summary>
    [Alias("RevocationsChanged")]
    Task RevocationsChangedAsync(CancellationToken cancellationToken);

    /// <summary>Records a certificate that the operator issues by hand, before it is signed. Durable when it returns.</summary>
    [Alias("RecordOperatorCertificate")]
    Task RecordOperatorCertificateAsync(OperatorCertificate certificate, CancellationToken cancellationToken);

    /// <summary>The holder of a certificate that the operator issued; null where it is not on record.</summary>
    [Alias("Identify")]
    Task<CallerIdentity?> IdentifyAsync(PresentedCertificate certificate, CancellationToken cancellationToken);
}

/// <summary>A certificate that the operator issued by hand.</summary>
[GenerateSerializer, Immutable, Alias("capif.OperatorCertificate")]
public sealed record OperatorCertificate
{
    /// <summary>Its serial number, upper-case hexadecimal.</summary>
    [Id(0)]
    public required string SerialNumber { get; init; }

    /// <summary>Its common name.</summary>
    [Id(1)]
    public required string CommonName { get; init; }

    /// <summary>The role that its holder has.</summary>
    [Id(2)]
    public required CallerRole Role { get; init; }

    /// <summary>When it expires.</summary>
    [Id(3)]
    public required DateTimeOffset ExpiresAt { get; init; }
}
