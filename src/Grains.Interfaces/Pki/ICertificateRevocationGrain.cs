namespace CapifOrleans.Pki;

/// <summary>
/// The revoked certificates whose serial numbers begin with one octet. The key is that octet in upper-case hexadecimal: one list of all
/// would be written anew for each revocation.
/// </summary>
[Alias("capif.ICertificateRevocationGrain")]
public interface ICertificateRevocationGrain : IGrainWithStringKey
{
    /// <summary>Revokes. Idempotent; durable, and on the next revocation list, when it returns.</summary>
    [Alias("Revoke")]
    Task RevokeAsync(RevokedCertificate certificate, CancellationToken cancellationToken);

    /// <summary>Whether a certificate is revoked.</summary>
    [Alias("IsRevoked")]
    Task<bool> IsRevokedAsync(string serialNumber, CancellationToken cancellationToken);

    /// <summary>All that are revoked and not yet expired.</summary>
    [Alias("GetRevoked")]
    Task<ImmutableArray<RevokedCertificate>> GetRevokedAsync(CancellationToken cancellationToken);
}

/// <summary>A revoked certificate.</summary>
[GenerateSerializer, Immutable, Alias("capif.RevokedCertificate")]
public sealed record RevokedCertificate
{
    /// <summary>Its serial number, upper-case hexadecimal.</summary>
    [Id(0)]
    public required string SerialNumber { get; init; }

    /// <summary>When it was revoked.</summary>
    [Id(1)]
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>When it expires; the revocation list holds it no longer than that.</summary>
    [Id(2)]
    public required DateTimeOffset ExpiresAt { get; init; }
}
