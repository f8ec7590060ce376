using Microsoft.AspNetCore.Connections;

namespace CapifOrleans.Frontend.Connections;

/// <summary>What listeners with client certificates do with every connection.</summary>
internal static class ConnectionTracking
{
    /// <summary>Gives every connection its caller, before the handshake that sets the caller's certificate.</summary>
    public static async Task TrackAsync(ConnectionDelegate next, ConnectionContext connection, IServiceProvider services)
    {
        var caller = new ConnectionCaller(
            connection,
            services.GetRequiredService<ICallerResolver>(),
            services.GetRequiredService<ConnectionRegistry>(),
            services.GetRequiredService<TimeProvider>());
        connection.Features.Set(caller);
        try
        {
            await next(connection);
        }
        finally
        {
            caller.Closed();
        }
    }
}
