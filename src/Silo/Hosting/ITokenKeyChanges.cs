namespace CapifOrleans.Silo.Hosting;

/// <summary>How the keys of tokens are changed, so that everybody who has them agrees on what they are.</summary>
internal interface ITokenKeyChanges
{
    /// <summary>Lets <paramref name="change"/> change them, and nobody else meanwhile; durable for all when it returns.</summary>
    Task<T> ChangeAsync<T>(Func<T> change, CancellationToken cancellationToken);
}

/// <summary>One process has them: nobody else needs to know.</summary>
internal sealed class OwnTokenKeyChanges : ITokenKeyChanges
{
    /// <inheritdoc/>
    public Task<T> ChangeAsync<T>(Func<T> change, CancellationToken cancellationToken) => Task.FromResult(change());
}
