using System.Collections.Immutable;
using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Administration;

internal sealed partial class GrainAdministration
{
    /// <inheritdoc/>
    public Task<ImmutableArray<TokenKeyDescription>> ListTokenKeysAsync(CancellationToken cancellationToken) => Task.FromResult(tokenKeys.List());

    /// <inheritdoc/>
    public Task<TokenKeyDescription> RotateTokenKeysAsync(bool atOnce, CancellationToken cancellationToken) =>
        keyChanges.ChangeAsync(() => tokenKeys.Rotate(atOnce), cancellationToken);
}
