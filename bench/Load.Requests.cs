namespace CapifOrleans.Bench;

/// <summary>Loads of requests.</summary>
internal static partial class Load
{
    /// <summary>Each client keeps its connection.</summary>
    public static async Task<Measured> KeepAliveAsync(Workload workload, int clients, TimeSpan duration)
    {
        var tls = RawConnection.Tls(workload.Address, workload.Party);
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RawConnection.OpenAsync(workload.Address, tls)));
        try
        {
            return await RunAsync(
                workload.What, workload.Server, clients, duration,
                index => async () => Expect(200, await connections[index].SendAsync(workload.Request)));
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    /// <summary>Each request has a connection of its own, with a full handshake.</summary>
    public static Task<Measured> HandshakeAsync(Workload workload, TimeSpan duration)
    {
        const int Clients = 16;
        var tls = RawConnection.Tls(workload.Address, workload.Party);
        return RunAsync(workload.What, workload.Server, Clients, duration, _ => async () =>
        {
            using var connection = await RawConnection.OpenAsync(workload.Address, tls);
            Expect(200, await connection.SendAsync(workload.Request));
        });
    }

    /// <summary>Ends the run where an answer is not the one that is measured.</summary>
    public static void Expect(int status, int given)
    {
        if (given != status)
            throw new InvalidOperationException($"The server answered {given} rather than {status}.");
    }
}
