using System.Globalization;
using System.Text;
using CapifOrleans.Bench;
using CapifOrleans.Silo.Demo;

if (args is ["bare", var pkiFolder])
{
    await BareServer.RunAsync(pkiFolder);
    return 0;
}

var seconds = TimeSpan.FromSeconds(Option("--seconds", 5));
var clients = Option("--clients", 64);
var invokers = Option("--invokers", 10_000);
var apis = Option("--apis", 10_000);
var folder = Directory.CreateTempSubdirectory("capif-bench-");
var results = new List<Measured>();
try
{
    if (args is ["audit", ..])
    {
        await Auditing.RunAsync(folder.FullName, Option("--entries", 1_000_000));
        return 0;
    }

    var (core, target) = await ServerProcess.StartCoreAsync(folder.FullName);
    using var coreEnd = core;
    using var run = new DemoRun(target, new DemoReport(TextWriter.Null));
    await using var receiver = await NotificationReceiver.StartAsync(default);
    await ProviderSteps.RunAsync(run, receiver, default);
    await InvokerSteps.RunAsync(run, default);
    var (bareServer, bare) = ServerProcess.StartBare(folder.FullName);
    using var bareEnd = bareServer;

    var beside = (bareServer.Id, bare, run.Invoker);
    // Twice, so that the bare endpoint is as warm as what is compared with it.
    await KeepAliveAsync("bare, 700 octets, not yet warm", bareServer.Id, bare, run.Invoker, Get(bare, "/700"), null);
    await KeepAliveAsync("bare, 700 octets", bareServer.Id, bare, run.Invoker, Get(bare, "/700"), null);
    await KeepAliveAsync("discovery by name, 1 API", core.Id, target.Core, run.Invoker, Discovery(run), beside);
    await KeepAliveAsync("token", core.Id, target.Core, run.Invoker, Token(run), beside);
    await KeepAliveAsync("security information", core.Id, target.Core, run.Aef, Get(target.Core, $"/capif-security/v1/trustedInvokers/{run.Invoker.Id}?authenticationInfo=true&authorizationInfo=true"), beside);
    await HandshakeAsync("bare, full handshake and a request", bareServer.Id, bare, run.Invoker, Get(bare, "/700"));
    await HandshakeAsync("core, full handshake and a discovery", core.Id, target.Core, run.Invoker, Discovery(run));
    if (apis >= 1000)
    {
        await Publishing.PublishAsync(run, 1, 999);
        await KeepAliveAsync("discovery by name, 1,000 APIs", core.Id, target.Core, run.Invoker, Discovery(run), beside);
    }

    if (apis > 1000)
    {
        await Publishing.PublishAsync(run, 1000, apis - 1000);
        await KeepAliveAsync($"discovery by name, {apis} APIs", core.Id, target.Core, run.Invoker, Discovery(run), beside);
    }

    var before = Processor.Memory(core.Id);
    var (onboarding, onboarded) = await Onboarding.RunAsync(run, core.Id, clients, invokers);
    results.Add(onboarding);
    var grown = Processor.Memory(core.Id) - before;

    Console.WriteLine($"\n{Environment.ProcessorCount} processors, shared by server and load; {clients} clients; {seconds.TotalSeconds:F0} s each.\n");
    Console.WriteLine("| what | requests/s | of bare | p50 ms | p99 ms | server CPU µs |");
    Console.WriteLine("|---|---|---|---|---|---|");
    foreach (var one in results)
    {
        var handshake = results.Find(other => other.What.StartsWith("bare, full", StringComparison.Ordinal))!.PerSecond;
        var baseline = one.BarePerSecond ?? (one.What.Contains("handshake", StringComparison.Ordinal) ? handshake : results[1].PerSecond);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {one.What} | {one.PerSecond:F0} | {one.PerSecond / baseline:P0} | {one.P50:F2} | {one.P99:F2} | {one.CpuMicroseconds:F0} |"));
    }

    Console.WriteLine($"\nResident memory grew by {grown / 1024.0 / onboarded:F2} KB for each of {onboarded} onboarded invokers (live activations included).");
    return 0;
}
finally
{
    folder.Delete(recursive: true);
}

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
}

static byte[] Get(Uri address, string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");

static byte[] Discovery(DemoRun run) =>
    Get(run.Target.Core, $"/service-apis/v1/allServiceAPIs?api-invoker-id={run.Invoker.Id}&api-name={run.ApiName}");

static byte[] Token(DemoRun run)
{
    var form = $"grant_type=client_credentials&client_id={run.Invoker.Id}&scope={Uri.EscapeDataString($"3gpp#{run.Aef.Id}:{run.ApiName}")}";
    return Encoding.ASCII.GetBytes(
        $"POST /capif-security/v1/securities/{run.Invoker.Id}/token HTTP/1.1\r\nHost: {run.Target.Core.Authority}\r\n"
        + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}");
}

// Each client keeps its connection.
// The bare endpoint is measured again right after it: what else the machine does changes within a minute.
async Task KeepAliveAsync(string what, int server, Uri address, DemoParty party, byte[] request, (int Server, Uri Address, DemoParty Party)? bareToo)
{
    var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RawConnection.OpenAsync(address, party)));
    results.Add(await Load.RunAsync(what, server, clients, seconds, index => async () => Expect(200, await connections[index].SendAsync(request))));
    foreach (var connection in connections)
        connection.Dispose();
    Console.Error.WriteLine(results[^1]);
    if (bareToo is not { } its)
        return;
    await KeepAliveAsync("(bare beside it)", its.Server, its.Address, its.Party, Get(its.Address, "/700"), null);
    results[^2] = results[^2] with { BarePerSecond = results[^1].PerSecond };
    results.RemoveAt(results.Count - 1);
}

// Each request has a connection of its own, with a full handshake.
async Task HandshakeAsync(string what, int server, Uri address, DemoParty party, byte[] request)
{
    results.Add(await Load.RunAsync(what, server, 16, seconds, _ => async () =>
    {
        using var connection = await RawConnection.OpenAsync(address, party);
        Expect(200, await connection.SendAsync(request));
    }));
    Console.Error.WriteLine(results[^1]);
}

static void Expect(int status, int given)
{
    if (given != status)
        throw new InvalidOperationException($"The server answered {given} rather than {status}.");
}
