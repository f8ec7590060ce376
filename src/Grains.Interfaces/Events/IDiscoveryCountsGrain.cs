namespace CapifOrleans.Events;

/// <summary>
/// How often each service API was discovered since this core function exists (one, key "discoveries"). Workers add what they counted every
/// second or so: a crash loses no more than that.
/// </summary>
[Alias("capif.IDiscoveryCountsGrain")]
public interface IDiscoveryCountsGrain : IGrainWithStringKey
{
    /// <summary>Adds to the counts; durable when it returns.</summary>
    [Alias("Add")]
    Task AddAsync(ImmutableArray<DiscoveryTally> counted, CancellationToken cancellationToken);

    /// <summary>The counts of these service APIs; all that were ever discovered where none is named.</summary>
    [Alias("Get")]
    Task<ImmutableArray<DiscoveryTally>> GetAsync(ImmutableArray<string>? apiIds, CancellationToken cancellationToken);
}

/// <summary>How often a service API was discovered.</summary>
[GenerateSerializer, Immutable, Alias("capif.DiscoveryTally")]
public sealed record DiscoveryTally
{
    /// <summary>The service API.</summary>
    [Id(0)]
    public required string ApiId { get; init; }

    /// <summary>Discoveries that asked for it: by api-ids, by its name, by its AEF, or for everything.</summary>
    [Id(1)]
    public long Requests { get; init; }

    /// <summary>Discoveries that found it.</summary>
    [Id(2)]
    public long Responses { get; init; }
}
