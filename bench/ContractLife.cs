using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using CapifOrleans.EndToEnd.Compatibility;

namespace CapifOrleans.Bench;

/// <summary>
/// What OpenCAPIF's acceptance suite does in one run, by number: 269 users, 126 API invokers, 141 API providers, some 2,500 requests, each on a TLS
/// connection of its own, keys of RSA-2048. Once as OpenCAPIF's clients have it, once by the standard: the core function against itself.
/// </summary>
internal static class ContractLife
{
    private const int Providers = 141;
    private const int Invokers = 126;
    private const int UsersAlone = 2;
    private const int Keys = 96;

    /// <summary>Measures; <c>--clients</c> at a time, <c>--rounds</c> times in both compatibilities.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var (clients, rounds) = (Option(args, "--clients"), Option(args, "--rounds"));
        var folder = Directory.CreateTempSubdirectory("capif-bench-");
        try
        {
            // Made beforehand, since they are the client's to make; reused when a party is gone.
            var keys = new ConcurrentQueue<RSA>();
            Parallel.For(0, Keys, _ => keys.Enqueue(RSA.Create(2048)));
            Console.WriteLine($"{Environment.ProcessorCount} processors, shared by server and clients; {clients} clients.\n");
            Console.WriteLine("| compatibility | seconds | requests | requests/s | server CPU ms a request |");
            Console.WriteLine("|---|---|---|---|---|");
            for (var round = 0; round < rounds; round++)
            {
                foreach (var compatibility in new[] { "opencapif", "standard" })
                    await RoundAsync(Path.Combine(folder.FullName, $"{compatibility}-{round}"), compatibility, clients, keys);
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 1;

    private static async Task RoundAsync(string folder, string compatibility, int clients, ConcurrentQueue<RSA> keys)
    {
        Directory.CreateDirectory(folder);
        var (server, target) = await ServerProcess.StartCoreAsync(folder, "--compatibility " + compatibility);
        using var end = server;
        await ServerProcess.AddAdministratorAsync(folder, "admin");
        var client = new CapifClient(target.Core, target.Enrolment, [target.Root], "admin", target.Password) { UserPassword = target.Password };
        // Warm: one scene of each kind, with its end.
        await SceneAsync(client, "warm", isWithInvoker: true, keys);
        var (cpu, before, started) = (Processor.Time(server.Id), client.Requests, Stopwatch.GetTimestamp());
        await Parallel.ForAsync(0, Providers, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (number, _) =>
            await SceneAsync(client, $"scene_{number}", isWithInvoker: number < Invokers, keys));
        for (var number = 0; number < UsersAlone; number++)
            (await client.DeleteUserAsync(await client.RegisterUserAsync($"alone_{number}"))).Expect(204);
        var (took, sent, used) = (Stopwatch.GetElapsedTime(started), client.Requests - before, Processor.Time(server.Id) - cpu);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {compatibility} | {took.TotalSeconds:F1} | {sent} | {sent / took.TotalSeconds:F0} | {used.TotalMilliseconds / sent:F1} |"));
    }

    /// <summary>A provider that publishes; an API invoker that discovers, negotiates and gets a token; what an AEF and an AMF then do; their end.</summary>
    private static async Task SceneAsync(CapifClient client, string name, bool isWithInvoker, ConcurrentQueue<RSA> keys)
    {
        await using var life = new ClientLife(client, name, (party, _) => new ClientParty(party, Take(keys), key => keys.Enqueue((RSA)key)));
        var provider = await life.ProviderAsync();
        var description = ClientBodies.Service(name, provider.Aef.Id);
        description["aefProfiles"]![0]!["interfaceDescriptions"]![0]!["ipv4Addr"] = "127.0.0.1";
        var published = (await life.PublishAsync(provider.Apf, description)).Expect(201);
        if (!isWithInvoker)
            return;
        var invoker = await life.InvokerAsync();
        (await life.DiscoverAsync(invoker, "&api-name=" + name)).Expect(200);
        (await life.SecureAsync(invoker, ClientBodies.Context((provider.Aef.Id, published["apiId"]!)))).Expect(201);
        var form = $"grant_type=client_credentials&client_id={invoker.Party.Id}&scope={Uri.EscapeDataString($"3gpp#{provider.Aef.Id}:{name}")}";
        (await client.SendAsync(invoker.Party, "POST", $"/capif-security/v1/securities/{invoker.Party.Id}/token", form, CapifClient.Form)).Expect(200);
        var log = ClientBodies.Log(provider.Aef.Id, invoker.Party.Id, published["apiId"]!, name, ("v1", "200"));
        (await client.SendAsync(provider.Aef, "POST", $"/api-invocation-logs/v1/{provider.Aef.Id}/logs", log)).Expect(201);
    }

    private static RSA Take(ConcurrentQueue<RSA> keys) => keys.TryDequeue(out var key) ? key : RSA.Create(2048);
}
