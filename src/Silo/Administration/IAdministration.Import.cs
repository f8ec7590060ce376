namespace CapifOrleans.Silo.Administration;

internal partial interface IAdministration
{
    /// <summary>Publishes a service API in the name of an APF, by the rules of the APF's own publishing.</summary>
    Task<Outcome<ImportedServiceApi>> ImportServiceApiAsync(ServiceApiImport import, CancellationToken cancellationToken);
}

/// <summary>A service API that another core function had.</summary>
internal sealed record ServiceApiImport
{
    /// <summary>The APF, which is registered here.</summary>
    public required string ApfId { get; init; }

    /// <summary>ServiceAPIDescription as JSON, without apiId.</summary>
    public required string Description { get; init; }
}

/// <summary>A service API that was imported.</summary>
internal sealed record ImportedServiceApi
{
    /// <summary>The identifier that it has here.</summary>
    public required string ApiId { get; init; }
}
