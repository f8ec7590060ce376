using CapifOrleans.Silo.Demo;
using CapifOrleans.Tls;

namespace CapifOrleans.Bench;

/// <summary>Onboards many invokers: each over a TLS session of its own, since the core function ends it after the answer (33.122 B.1).</summary>
internal static class Onboarding
{
    // The most before the clock starts, so that the code is compiled when it counts.
    private const int MostWarmth = 15_000;

    /// <summary>Warm code, then so many onboardings.</summary>
    public static async Task<Measured> MeasureAsync(DemoRun run, int server, int clients, int count)
    {
        var (core, tls) = (run.Target.Core, RawConnection.Tls(run.Target.Core, run.Nobody));
        var before = new Requested(core, run.Credential, tls, MostWarmth);
        await Load.WarmAsync(server, before.Steps(clients), Load.LongestWarmth);
        var requested = new Requested(core, run.Credential, tls, count);
        return await Load.MeasureAsync($"onboarding, durable, {count:N0} invokers", server, requested.Steps(clients), requested.GoesOn);
    }

    /// <summary>So many onboardings.</summary>
    public static Task RunAsync(DemoRun run, int server, int clients, int count)
    {
        var requested = new Requested(run.Target.Core, run.Credential, RawConnection.Tls(run.Target.Core, run.Nobody), count);
        return Load.MeasureAsync("", server, requested.Steps(clients), requested.GoesOn);
    }

    /// <summary>Requests that were made before the clock started: keys and signatures are the invokers' work, not the core function's.</summary>
    private sealed class Requested
    {
        private readonly Uri _core;
        private readonly OpenSslClientOptions _tls;
        private readonly byte[][] _requests;
        private int _begun;
        private int _taken = -1;

        public Requested(Uri core, string credential, OpenSslClientOptions tls, int count)
        {
            _core = core;
            _tls = tls;
            _requests = new byte[count][];
            Parallel.For(0, count, index => _requests[index] = Requests.Onboarding(core, credential));
        }

        public bool GoesOn() => Interlocked.Increment(ref _begun) <= _requests.Length;

        public Func<Task>[] Steps(int clients) => [.. Enumerable.Range(0, clients).Select(_ => (Func<Task>)OnboardAsync)];

        private async Task OnboardAsync()
        {
            // While it is warmed there may be none left.
            if (Interlocked.Increment(ref _taken) is var next && next >= _requests.Length)
                return;
            using var connection = await RawConnection.OpenAsync(_core, _tls);
            Load.Expect(201, await connection.SendAsync(_requests[next]));
        }
    }
}
