using System.Collections.Immutable;
using CapifOrleans.Security;

namespace CapifOrleans.Silo.Administration;

internal partial interface IAdministration
{
    /// <summary>Makes a resource owner's account.</summary>
    Task<Outcome<ResourceOwnerAccount>> AddResourceOwnerAsync(NewResourceOwner owner, CancellationToken cancellationToken);

    /// <summary>All resource owners, by GPSI.</summary>
    Task<ImmutableArray<ResourceOwnerAccount>> ListResourceOwnersAsync(CancellationToken cancellationToken);

    /// <summary>Removes a resource owner: every consent ends.</summary>
    Task<Outcome> RemoveResourceOwnerAsync(string gpsi, CancellationToken cancellationToken);
}

/// <summary>A resource owner to be added.</summary>
internal sealed record NewResourceOwner
{
    /// <summary>The GPSI.</summary>
    public required string Gpsi { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <summary>Not the password.</summary>
    public override string ToString() => Gpsi;
}
