using System.Net;
using System.Net.Sockets;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Hosting;

/// <summary>Looks whether every address can be bound, before anything is made: a port in use is the commonest fault of a start.</summary>
internal static class ListenProbe
{
    /// <summary>Checks them.</summary>
    /// <exception cref="StartFailure">Some cannot be bound.</exception>
    public static void Check(SiloOptions options)
    {
        (string Name, IPEndPoint EndPoint)[] listeners =
        [
            ("core", options.Listen(options.CorePort)),
            ("enrolment", options.Listen(options.EnrolmentPort)),
            ("operations", new IPEndPoint(options.OperationsAddress, options.OperationsPort)),
            .. options.CcfId is null ? Array.Empty<(string, IPEndPoint)>() : [("interconnection", options.Listen(options.InterconnectionPort))],
            .. options.AefConfig is null ? Array.Empty<(string, IPEndPoint)>() : [("exposure", options.Listen(options.ExposurePort))],
        ];
        // A silo without listeners has nothing but the last one.
        var faults = (options.Role == SiloRole.Silo ? listeners[^1..] : listeners).Select(listener => Try(listener.Name, listener.EndPoint)).OfType<string>().ToList();
        if (faults.Count > 0)
            throw new StartFailure(string.Join(Environment.NewLine, faults));
    }

    private static string? Try(string name, IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen();
            return null;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"port {endPoint.Port} ({name}) is in use; stop the program that listens there, or choose another with --{name}-port.",
                SocketError.AccessDenied =>
                    $"port {endPoint.Port} ({name}) may not be opened by this user; choose one above 1023 with --{name}-port.",
                SocketError.AddressNotAvailable =>
                    $"address {endPoint.Address} ({name}) is none of this machine's; correct {(name == "operations" ? "--operations-address" : "--listen-address")}.",
                _ => $"port {endPoint.Port} ({name}) cannot be opened: {fault.Message}; choose another with --{name}-port.",
            };
        }
    }
}
