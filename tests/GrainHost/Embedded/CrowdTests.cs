using CapifOrleans.GrainHost.Tests.Grains;

namespace CapifOrleans.GrainHost.Tests.Embedded;

/// <summary>The bound on activations. Orleans bounds memory by other means.</summary>
public sealed class CrowdTests
{
    private readonly Gates _gates = new();

    [Fact]
    public async Task More_activations_than_allowed_make_the_longest_idle_end()
    {
        await using var host = await GrainHostFixture.StartAsync(_gates, options => options.MaxActivations = 100);
        for (var number = 0; number < 100; number++)
            await host.Grain<ILifeGrain>($"{number}").ActivationAsync();
        Assert.False(_gates.IsOpen("ends"));
        await host.Grain<ILifeGrain>("0").ActivationAsync();

        await host.Grain<ILifeGrain>("one more").ActivationAsync();

        await _gates.OpenedAsync("ends 11");
        Assert.All(Enumerable.Range(1, 11), number => Assert.True(_gates.IsOpen($"LifeGrain {number} ends")));
        Assert.Equal(11, _gates.Count("ends: HighMemoryPressure"));
        Assert.Equal(1, await host.Grain<ILifeGrain>("0").ActivationAsync());
        Assert.Equal(2, await host.Grain<ILifeGrain>("1").ActivationAsync());
    }
}
