using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>A request that many clients repeat.</summary>
/// <param name="What">What it is called in the table.</param>
/// <param name="Server">The server's process.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Party">Who asks.</param>
/// <param name="Request">The request, as it goes over the wire.</param>
internal sealed record Workload(string What, int Server, Uri Address, DemoParty Party, byte[] Request);
