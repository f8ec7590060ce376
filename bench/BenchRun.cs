using CapifOrleans.Silo.Demo;

namespace CapifOrleans.Bench;

/// <summary>One run: every part that is wanted, each beside the bare endpoint, and the table.</summary>
internal sealed class BenchRun(BenchOptions options, string folder)
{
    private readonly List<Measured> _results = [];

    public async Task RunAsync()
    {
        await MeasureRatesAsync();
        var memory = options.Has("memory") ? await IdleMemory.MeasureAsync(Path.Combine(folder, "idle"), options) : [];
        Report.Print(Console.Out, options, _results, memory);
    }

    private async Task MeasureRatesAsync()
    {
        var (core, target) = await ServerProcess.StartCoreAsync(Path.Combine(folder, "rates"));
        using var coreEnd = core;
        using var run = new DemoRun(target, new DemoReport(TextWriter.Null));
        await using var receiver = await NotificationReceiver.StartAsync(default);
        await ProviderSteps.RunAsync(run, receiver, default);
        await InvokerSteps.RunAsync(run, default);
        var (bareServer, bareAddress) = ServerProcess.StartBare(Path.Combine(folder, "rates"));
        using var bareEnd = bareServer;
        var bare = new Workload("bare, 700 octets", bareServer.Id, bareAddress, run.Invoker, Requests.Get(bareAddress, "/700"));
        var discovery = new Workload("discovery by name, 1 API", core.Id, target.Core, run.Invoker, Requests.Discovery(run));
        var token = new Workload("token", core.Id, target.Core, run.Invoker, Requests.Token(run));
        var security = new Workload("security information", core.Id, target.Core, run.Aef, Requests.SecurityInformation(run));

        if (options.Has("discovery"))
            await BesideAsync(discovery, bare);
        if (options.Has("token"))
            await BesideAsync(token, bare);
        if (options.Has("security"))
            await BesideAsync(security, bare);
        if (options.Has("handshake"))
            await HandshakesAsync(bare, discovery);
        if (options.Has("catalog"))
            await CatalogAsync(run, discovery, bare);
        if (options.Has("onboarding"))
            Add(await Onboarding.MeasureAsync(run, core.Id, options.Clients, options.Invokers));
    }

    private async Task CatalogAsync(DemoRun run, Workload discovery, Workload bare)
    {
        var published = 1;
        foreach (var apis in new[] { 1000, options.Apis }.Distinct().Where(one => one > 1 && one <= options.Apis))
        {
            await Publishing.PublishAsync(run, published, apis - published);
            published = apis;
            await BesideAsync(discovery with { What = $"discovery by name, {apis:N0} APIs" }, bare);
        }
    }

    private async Task HandshakesAsync(Workload bare, Workload discovery)
    {
        var one = await Load.HandshakeAsync(bare with { What = "bare, full mutual handshake and a request" }, options.Duration);
        Add(one);
        Add(await Load.HandshakeAsync(discovery with { What = "full mutual handshake and a discovery" }, options.Duration) with { BarePerSecond = one.PerSecond });
    }

    // The bare endpoint before and after it: what else the machine does changes within a minute.
    private async Task BesideAsync(Workload workload, Workload bare)
    {
        var before = await Load.KeepAliveAsync(bare, options.Clients, options.Duration / 2);
        var measured = await Load.KeepAliveAsync(workload, options.Clients, options.Duration);
        var after = await Load.KeepAliveAsync(bare, options.Clients, options.Duration / 2);
        Add(measured with
        {
            BarePerSecond = (before.PerSecond + after.PerSecond) / 2,
            BareCpuMicroseconds = (before.CpuMicroseconds + after.CpuMicroseconds) / 2,
        });
    }

    private void Add(Measured measured)
    {
        _results.Add(measured);
        Console.Error.WriteLine(measured);
    }
}
