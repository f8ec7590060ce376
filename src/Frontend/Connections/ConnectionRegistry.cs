namespace CapifOrleans.Frontend.Connections;

/// <summary>The open connections of this frontend by identity, so that revocation can end them (33.122 6.8 steps 6 and 9).</summary>
internal sealed class ConnectionRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<ConnectionCaller>> _connections = new(StringComparer.Ordinal);

    /// <summary>Adds a connection.</summary>
    public void Add(string id, ConnectionCaller connection)
    {
        lock (_lock)
        {
            if (!_connections.TryGetValue(id, out var list))
                _connections.Add(id, list = new List<ConnectionCaller>(1));
            list.Add(connection);
        }
    }

    /// <summary>Removes a connection.</summary>
    public void Remove(string id, ConnectionCaller connection)
    {
        lock (_lock)
        {
            if (_connections.TryGetValue(id, out var list) && list.Remove(connection) && list.Count == 0)
                _connections.Remove(id);
        }
    }

    /// <summary>Closes every connection of that identity.</summary>
    public void Close(string id)
    {
        ConnectionCaller[] found;
        lock (_lock)
        {
            if (!_connections.TryGetValue(id, out var list))
                return;
            found = [.. list];
        }

        foreach (var connection in found)
            connection.Close();
    }
}
