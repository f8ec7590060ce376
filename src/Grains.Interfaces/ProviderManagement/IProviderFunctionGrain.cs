namespace CapifOrleans.ProviderManagement;

/// <summary>An API provider function: AMF, APF or AEF. The key is its apiProvFuncId.</summary>
[Alias("capif.IProviderFunctionGrain")]
public interface IProviderFunctionGrain : IGrainWithStringKey
{
    /// <summary>Records the function as its domain decided: role, domain and the certificate that is valid from now on.</summary>
    [Alias("Record")]
    Task RecordAsync(ProviderFunctionRecord record, CancellationToken cancellationToken);

    /// <summary>Forgets the function.</summary>
    [Alias("Remove")]
    Task RemoveAsync(CancellationToken cancellationToken);

    /// <summary>The function's record; null when there is none.</summary>
    [Alias("Get")]
    Task<ProviderFunctionRecord?> GetAsync(CancellationToken cancellationToken);

    /// <summary>This function's identity, if <paramref name="certificate"/> is the one on record now; null otherwise.</summary>
    [Alias("Identify")]
    Task<CallerIdentity?> IdentifyAsync(PresentedCertificate certificate, CancellationToken cancellationToken);
}

/// <summary>What is on record of an API provider function.</summary>
[GenerateSerializer, Immutable, Alias("capif.ProviderFunctionRecord")]
public sealed record ProviderFunctionRecord
{
    /// <summary>AMF, APF or AEF.</summary>
    [Id(0)]
    public required CallerRole Role { get; init; }

    /// <summary>The domain that it belongs to.</summary>
    [Id(1)]
    public required string ApiProvDomId { get; init; }

    /// <summary>SHA-256 of its certificate, upper-case hexadecimal.</summary>
    [Id(2)]
    public required string CertificateThumbprint { get; init; }

    /// <summary>The certificate's serial number, upper-case hexadecimal.</summary>
    [Id(3)]
    public required string CertificateSerialNumber { get; init; }

    /// <summary>When the certificate expires.</summary>
    [Id(4)]
    public required DateTimeOffset CertificateExpiresAt { get; init; }

    /// <summary>The enrolment user who registered the domain; null where that is not on record.</summary>
    [Id(5)]
    public string? EnrolmentUser { get; init; }
}
