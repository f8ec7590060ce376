namespace CapifOrleans.Connections;

/// <summary>The frontends that hold open connections (one, key "frontends"). It is not durable: frontends register again and again.</summary>
[Alias("capif.IFrontendDirectoryGrain")]
public interface IFrontendDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Registers a frontend, or keeps its registration alive.</summary>
    [Alias("Register")]
    Task RegisterAsync(string frontendId, IFrontendObserver frontend, CancellationToken cancellationToken);

    /// <summary>Ends a registration.</summary>
    [Alias("Unregister")]
    Task UnregisterAsync(string frontendId, CancellationToken cancellationToken);

    /// <summary>
    /// Tears down every connection of this identity, at every frontend (33.122 6.8 step 6). A connection that is answering a request of
    /// its own is closed after the answer. Returns when all reachable frontends did so; one that cannot be reached is forgotten.
    /// </summary>
    [Alias("CloseConnections")]
    Task CloseConnectionsAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A frontend, as grains call it.</summary>
[Alias("capif.IFrontendObserver")]
public interface IFrontendObserver : IGrainObserver
{
    /// <summary>Closes this frontend's connections of that identity.</summary>
    [Alias("CloseConnections")]
    Task CloseConnectionsAsync(string id);
}
