using System.Net.Sockets;
using Npgsql;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>Faults of the database that pass, as while it restarts or another machine takes its place.</summary>
internal static class DatabaseFaults
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Such faults pass in real time, whatever clock grains live by.
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Tries again until such a fault has passed, for ten seconds.</summary>
    /// <param name="attempt">What is tried; it is told whether an attempt before it may have come through.</param>
    /// <exception cref="NpgsqlException">It does not pass, or is another fault.</exception>
    public static async Task<T> PassAsync<T>(Func<bool, Task<T>> attempt)
    {
        var started = Time.GetTimestamp();
        var pause = FirstPause;
        for (var again = false; ; again = true)
        {
            try
            {
                return await attempt(again);
            }
            catch (NpgsqlException fault) when (Passes(fault) && Time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(pause, Time);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static bool Passes(NpgsqlException fault) =>
        fault.IsTransient
        // 57P01 to 57P03: it shuts down, crashed, or starts (PostgreSQL, Appendix A). 25006: it is read-only, a standby that is not yet promoted.
        || fault.SqlState is "57P01" or "57P02" or "57P03" or "25006"
        || fault.InnerException is IOException or SocketException or TimeoutException;
}
