using Orleans.Concurrency;

namespace CapifOrleans.Publish;

/// <summary>The service APIs that one APF published. The key is the apfId.</summary>
[Alias("capif.IServicePublisherGrain")]
public interface IServicePublisherGrain : IGrainWithStringKey
{
    /// <summary>Publishes (29.222 5.3.2.2); the apiId is given here. Discoverable, and durable, when it returns.</summary>
    [Alias("Publish")]
    Task<Outcome<ServiceApiDescription>> PublishAsync(CallerIdentity apf, ServiceApiDescription description, CancellationToken cancellationToken);

    /// <summary>All of them, in the order in which they were published. Interleaves: the catalog asks while a publication asks the catalog.</summary>
    [Alias("GetAll"), AlwaysInterleave]
    Task<ImmutableArray<ServiceApiDescription>> GetAllAsync(CancellationToken cancellationToken);

    /// <summary>One of them.</summary>
    [Alias("Get")]
    Task<Outcome<ServiceApiDescription>> GetAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>Replaces one (29.222 5.3.2.3).</summary>
    [Alias("Update")]
    Task<Outcome<ServiceApiDescription>> UpdateAsync(string apiId, ServiceApiDescription description, CancellationToken cancellationToken);

    /// <summary>Applies a merge patch (RFC 7396, feature PatchUpdate).</summary>
    [Alias("Patch")]
    Task<Outcome<ServiceApiDescription>> PatchAsync(string apiId, ImmutableArray<byte> patch, CancellationToken cancellationToken);

    /// <summary>Unpublishes (29.222 5.3.2.5): no longer discoverable when it returns.</summary>
    [Alias("Unpublish")]
    Task<Outcome> UnpublishAsync(string apiId, CancellationToken cancellationToken);

    /// <summary>Unpublishes what a peer passed on of another core function, which publishes here itself from now on. Idempotent.</summary>
    [Alias("UnpublishOf")]
    Task UnpublishOfAsync(string ccfId, CancellationToken cancellationToken);

    /// <summary>Unpublishes all, as its domain is deregistered. Idempotent.</summary>
    [Alias("UnpublishAll")]
    Task UnpublishAllAsync(CancellationToken cancellationToken);
}
