using CapifOrleans.GrainHost.Tests.Grains;

namespace CapifOrleans.GrainHost.Tests;

public sealed class FaultTests
{
    private readonly Gates _gates = new();

    [Fact]
    public async Task A_fault_reaches_the_caller_as_what_it_is_and_the_activation_goes_on()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var grain = host.Grain<IFaultGrain>("a");

        Assert.Equal(1, (await Assert.ThrowsAsync<WrongNumberException>(() => grain.ThrowAtOnceAsync(1))).Number);
        Assert.Equal(2, (await Assert.ThrowsAsync<WrongNumberException>(() => grain.ThrowLaterAsync(2).AsTask())).Number);

        Assert.Equal(3, await grain.CountAsync());
    }

    [Fact]
    public async Task A_fault_passes_through_a_grain_that_relays_it()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        Assert.Equal(5, (await Assert.ThrowsAsync<WrongNumberException>(() => host.Grain<IFaultGrain>("a").RelayAsync("b", 5))).Number);
    }

    [Fact]
    public async Task A_method_that_returns_no_task_is_a_fault()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        await Assert.ThrowsAsync<NullReferenceException>(() => host.Grain<IFaultGrain>("a").NullAsync());
        Assert.Equal(1, await host.Grain<IFaultGrain>("a").CountAsync());
    }

    [Fact]
    public async Task A_grain_that_cannot_be_made_fails_its_callers()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<IUnmakableGrain>("a").PingAsync());
        Assert.Equal(13, Assert.IsType<WrongNumberException>(fault.GetBaseException()).Number);
    }

    [Fact]
    public async Task A_grain_that_could_not_be_activated_is_tried_again_with_the_next_call()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates);
        await Assert.ThrowsAsync<WrongNumberException>(() => host.Grain<ILateGrain>("a").PingAsync());

        _gates.Open("may activate");

        await host.Grain<ILateGrain>("a").PingAsync();
    }
}
