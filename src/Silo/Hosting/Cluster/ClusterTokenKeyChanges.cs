using CapifOrleans.Grains.Pki;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>The keys of tokens are the cluster's: a change begins with what the database has, and ends there.</summary>
internal sealed class ClusterTokenKeyChanges(ClusterSecrets secrets, ITokenSigningKeys keys) : ITokenKeyChanges
{
    /// <inheritdoc/>
    public Task<T> ChangeAsync<T>(Func<T> change, CancellationToken cancellationToken) => secrets.ChangeAsync(
        () =>
        {
            keys.Reload();
            return change();
        },
        cancellationToken);
}
