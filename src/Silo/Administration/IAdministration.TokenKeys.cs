using System.Collections.Immutable;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Administration;

internal partial interface IAdministration
{
    /// <summary>The keys that sign tokens, the oldest first.</summary>
    Task<ImmutableArray<TokenKeyDescription>> ListTokenKeysAsync(CancellationToken cancellationToken);

    /// <summary>Makes a new key that signs tokens: after the overlap, or at once.</summary>
    Task<TokenKeyDescription> RotateTokenKeysAsync(bool atOnce, CancellationToken cancellationToken);
}
