using CapifOrleans.GrainHost.Tests.Grains;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests;

public sealed class TurnTests
{
    private readonly Gates _gates = new();

    [Fact]
    public async Task Calls_of_one_caller_run_in_the_order_in_which_they_were_made()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ITurnGrain>("a");
        // Orleans keeps the order of calls to a grain that is there, not that of those which wait for its activation.
        var calls = new List<Task> { grain.HoldAsync("hold") };
        await _gates.OpenedAsync("hold begins");
        for (var number = 0; number < 1000; number++)
            calls.Add(grain.SayAsync($"{number}").AsTask());
        _gates.Open("hold");

        await Task.WhenAll(calls);

        Assert.Equal(["hold begins", "hold ends", .. Enumerable.Range(0, 1000).Select(number => $"{number}")], _gates.Log);
    }

    [Fact]
    public async Task A_call_waits_until_the_one_before_it_is_over()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ITurnGrain>("a");
        var first = grain.HoldAsync("1");
        await _gates.OpenedAsync("1 begins");
        var second = grain.HoldAsync("2");
        _gates.Open("2");
        Assert.False(_gates.IsOpen("2 begins"));

        _gates.Open("1");
        await Task.WhenAll(first, second);

        Assert.Equal(["1 begins", "1 ends", "2 begins", "2 ends"], _gates.Log);
    }

    [Fact]
    public async Task Concurrent_callers_never_interleave_in_a_grain()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var seen = new List<int>();
            for (var call = 0; call < 500; call++)
                seen.Add(await host.Grain<ITurnGrain>("a").AddAsync());
            return seen;
        })));

        // An update that another overlapped would be lost: a number would come twice.
        Assert.Equal(Enumerable.Range(0, 8000), answers.SelectMany(one => one).Order());
    }

    [Fact]
    public async Task Awaits_in_a_grain_come_back_to_its_turns()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        Assert.True(await host.Grain<ITurnGrain>("a").StaysInItsTurnsAsync());
    }

    [Fact]
    public async Task Two_grains_run_at_the_same_time()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var first = host.Grain<ITurnGrain>("a").HoldAsync("1");
        var second = host.Grain<ITurnGrain>("b").HoldAsync("2");

        await Task.WhenAll(_gates.OpenedAsync("1 begins"), _gates.OpenedAsync("2 begins"));

        _gates.Open("1");
        _gates.Open("2");
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Read_only_calls_run_together_but_not_with_others()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ITurnGrain>("a");
        var first = grain.HoldReadOnlyAsync("r1");
        await _gates.OpenedAsync("r1 begins");
        var calls = new[] { first, grain.HoldAsync("w"), grain.HoldReadOnlyAsync("r2") };
        await _gates.OpenedAsync("r2 begins");
        Assert.False(_gates.IsOpen("w begins"));
        _gates.Open("w");
        _gates.Open("r1");
        await calls[0];
        Assert.False(_gates.IsOpen("w begins"));

        _gates.Open("r2");
        await Task.WhenAll(calls);

        Assert.Equal(["w begins", "w ends"], _gates.Log.TakeLast(2));
    }

    [Fact]
    public async Task A_call_that_always_interleaves_runs_beside_another()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ITurnGrain>("a");
        var held = grain.HoldAsync("1");
        _gates.Open("2");

        await grain.HoldInterleavedAsync("2");

        Assert.False(held.IsCompleted);
        _gates.Open("1");
        await held;
    }

    [Fact]
    public async Task A_reentrant_grain_interleaves_its_calls()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<IReentrantGrain>("a");
        var first = grain.HoldAsync("1");
        _gates.Open("2");

        await grain.HoldAsync("2");

        Assert.False(first.IsCompleted);
        _gates.Open("1");
        await first;
    }

    [Fact]
    public async Task A_one_way_call_returns_before_it_is_over_and_tells_of_no_fault()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ITurnGrain>("a");

        await grain.HoldOneWayAsync("1");

        Assert.False(_gates.IsOpen("1 ends"));
        _gates.Open("1");
        await _gates.OpenedAsync("1 ends");
        await grain.FailOneWayAsync();
        await _gates.OpenedAsync("failing");
    }

    [Fact]
    public async Task A_stateless_worker_runs_as_many_calls_as_it_may_and_no_more()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var calls = new[] { "1", "2", "3", "4" }.Select(name => host.Grain<IWorkerGrain>("a").HoldAsync(name)).ToArray();
        await _gates.OpenedAsync("begins 2");
        Assert.Equal(2, _gates.Count("begins"));

        foreach (var name in new[] { "1", "2", "3", "4" })
            _gates.Open(name);
        await Task.WhenAll(calls);

        Assert.Equal(4, _gates.Count("begins"));
    }

    [Fact]
    public async Task A_cancellation_token_reaches_the_grain()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        using var cancel = new CancellationTokenSource();
        var call = host.Grain<ITurnGrain>("a").HoldWithAsync("1", cancel.Token);
        await _gates.OpenedAsync("1 begins");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_queued_call_runs_in_its_own_callers_context()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<ITurnGrain>("a");
        RequestContext.Set("who", "first");
        var held = grain.HoldAsync("1");
        RequestContext.Set("who", "second");
        var queued = grain.RequestContextOfAsync("who");
        RequestContext.Clear();
        _gates.Open("1");

        await held;

        Assert.Equal("second", await queued);
        Assert.Null(await grain.RequestContextOfAsync("who"));
    }

    [Fact]
    public async Task A_value_task_carries_its_result()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        Assert.Equal(7, await host.Grain<ITurnGrain>("a").EchoAsync(7));
    }
}
