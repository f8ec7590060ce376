using System.Diagnostics;
using System.Globalization;
using CapifOrleans.Grains.Logging;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Silo.InvocationLogs;

namespace CapifOrleans.Bench;

/// <summary>
/// Audits over very many entries of one domain: each filter alone, each two together, and all, as an AMF asks them over TLS. Half of the
/// entries are of few API invokers, a tenth comes from one address: the filters that find most are the hard ones.
/// </summary>
internal static class Auditing
{
    private const int Batch = 1000;
    private const int Times = 11;
    private static readonly DateTimeOffset Start = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string folder, int entries)
    {
        var (core, target) = await ServerProcess.StartCoreAsync(folder);
        using var coreEnd = core;
        using var run = new DemoRun(target, new DemoReport(TextWriter.Null));
        await using var receiver = await NotificationReceiver.StartAsync(default);
        await ProviderSteps.RunAsync(run, receiver, default);
        var file = Path.Combine(folder, "capif-data", "invocation-logs.db");
        var began = Stopwatch.GetTimestamp();
        await FillAsync(file, run.ApiProvDomId, entries);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{entries:N0} entries written in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {new FileInfo(file).Length / 1048576.0 / entries * 1e6:F0} MB for a million.\n"));
        Console.WriteLine("| filters | median ms | slowest ms | status |\n|---|---|---|---|");
        var singles = Filters();
        foreach (var (name, query) in singles)
            await PrintAsync(run, name, query);
        (string Name, double Median, int Status) worst = default;
        var medians = new List<double>();
        for (var one = 0; one < singles.Count; one++)
        {
            for (var other = one + 1; other < singles.Count; other++)
            {
                var name = $"{singles[one].Name} + {singles[other].Name}";
                var measured = await MeasureAsync(run, $"{singles[one].Query}&{singles[other].Query}", 5);
                medians.Add(measured.Median);
                if (measured.Median > worst.Median)
                    worst = (name, measured.Median, measured.Status);
            }
        }

        medians.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| each two ({medians.Count}), median of medians | {medians[medians.Count / 2]:F1} | | |\n| each two, the slowest: {worst.Name} | {worst.Median:F1} | | {worst.Status} |"));
        await PrintAsync(run, "all of one entry", string.Join('&', singles.Where(one => !one.Name.Contains("few", StringComparison.Ordinal)).Select(one => one.Query)));
    }

    private static List<(string Name, string Query)> Filters()
    {
        static string Text(object record) => Uri.EscapeDataString(System.Text.Encoding.UTF8.GetString(record is NetSliceId slice
            ? [.. "["u8, .. WireJson.SerializeToUtf8Bytes(slice), .. "]"u8]
            : WireJson.SerializeToUtf8Bytes((InterfaceDescription)record)));
        static string Time(double days) => WireDateTime.Of(Start.AddDays(days)).Text;
        return
        [
            ("aef-id", "aef-id=aef3"),
            ("api-invoker-id (a busy one)", "api-invoker-id=invoker1"),
            ("api-invoker-id (few entries)", "api-invoker-id=invoker150"),
            ("time-range (half an hour)", $"time-range-start={Time(10)}&time-range-end={Time(10.0208)}"),
            ("api-id", "api-id=api7"),
            ("api-name", "api-name=name7"),
            ("api-version", "api-version=v1"),
            ("protocol", "protocol=HTTP_2"),
            ("operation", "operation=PATCH"),
            ("result", "result=503"),
            ("resource-name", "resource-name=resource4"),
            ("src-interface (a busy one)", "src-interface=" + Text(Interface("192.0.2.1"))),
            ("src-interface (few entries)", "src-interface=" + Text(Interface("10.0.3.7"))),
            ("dest-interface", "dest-interface=" + Text(Interface("198.51.100.3"))),
            ("net-slice-info", "net-slice-info=" + Text(new NetSliceId { Snssai = new Snssai { Sst = 2 } })),
        ];
    }

    private static async Task PrintAsync(DemoRun run, string name, string query)
    {
        var (median, slowest, status) = await MeasureAsync(run, query, Times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {median:F1} | {slowest:F1} | {status} |"));
    }

    private static async Task<(double Median, double Slowest, int Status)> MeasureAsync(DemoRun run, string query, int times)
    {
        var took = new List<double>();
        var status = 0;
        for (var time = 0; time < times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await run.Amf.Client.GetAsync(run.Core($"/logs/v1/apiInvocationLogs?supported-features=3&{query}"));
            await answer.Content.ReadAsByteArrayAsync();
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            status = (int)answer.StatusCode;
        }

        took.Sort();
        return (took[took.Count / 2], took[^1], status);
    }

    private static async Task FillAsync(string file, string domain, int entries)
    {
        await using var store = new SqliteInvocationLogStore(file);
        var random = new Random(1);
        for (var written = 0; written < entries;)
        {
            var batches = Enumerable.Range(0, Math.Min(20, (entries - written + Batch - 1) / Batch)).Select(_ =>
            {
                var (aef, invoker) = (random.Next(20), random.Next(2) == 0 ? random.Next(5) : random.Next(2000));
                return store.AppendAsync(
                    new InvocationBatch
                    {
                        LogId = Guid.NewGuid().ToString("N"),
                        ApiProvDomId = domain,
                        ReceivedAt = Start.AddDays(30),
                        Digest = [],
                        Log = new InvocationLog
                        {
                            AefId = $"aef{aef}",
                            ApiInvokerId = $"invoker{invoker}",
                            SupportedFeatures = SupportedFeatures.Of(1),
                            Logs = [.. Enumerable.Range(0, Batch).Select(_ => Entry(random, aef))],
                        },
                    },
                    default);
            }).ToList();
            await Task.WhenAll(batches);
            written += batches.Count * Batch;
        }
    }

    private static Log Entry(Random random, int aef)
    {
        var api = (aef * 5) + random.Next(5);
        string[] results = ["200", "200", "200", "200", "200", "201", "204", "400", "403", "404", "429", "500", "503"];
        return new Log
        {
            ApiId = $"api{api}",
            ApiName = $"name{api}",
            ApiVersion = $"v{1 + random.Next(2)}",
            ResourceName = $"resource{random.Next(10)}",
            Uri = $"/name{api}/v1/resources/{random.Next(100_000)}",
            Protocol = api % 3 == 0 ? Protocol.Http2 : Protocol.Http11,
            Operation = (Operation)random.Next(5),
            Result = results[random.Next(results.Length)],
            InvocationTime = WireDateTime.Of(Start.AddDays(random.NextDouble() * 30)),
            InvocationLatency = random.Next(1, 500),
            SrcInterface = random.Next(10) == 0 ? Interface("192.0.2.1") : Interface($"10.0.{random.Next(20)}.{random.Next(250)}"),
            DestInterface = Interface($"198.51.100.{aef}"),
            NetSliceInfo = new NetSliceId { Snssai = new Snssai { Sst = 1 + (api % 4) } },
        };
    }

    private static InterfaceDescription Interface(string address) => new() { Ipv4Addr = address, Port = 443 };
}
