using System.Collections.Immutable;
using CapifOrleans.Enrolment;
using CapifOrleans.Security;

namespace CapifOrleans.Silo.Administration;

internal sealed partial class GrainAdministration
{
    /// <inheritdoc/>
    public Task<Outcome<ResourceOwnerAccount>> AddResourceOwnerAsync(NewResourceOwner owner, CancellationToken cancellationToken) =>
        grains.GetGrain<IResourceOwnerGrain>(owner.Gpsi).CreateAsync(new EnrolmentPassword { Text = owner.Password }, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ResourceOwnerAccount>> ListResourceOwnersAsync(CancellationToken cancellationToken) =>
        grains.GetGrain<IResourceOwnerDirectoryGrain>("owners").ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemoveResourceOwnerAsync(string gpsi, CancellationToken cancellationToken) =>
        grains.GetGrain<IResourceOwnerGrain>(gpsi).RemoveAsync(cancellationToken);
}
