using System.Collections.Immutable;
using CapifOrleans.GrainHost.Tests.Grains;
using Orleans;

namespace CapifOrleans.GrainHost.Tests;

/// <summary>What contracts may hold.</summary>
public sealed class ContractTests
{
    public interface IPromisedParameterGrain : IGrainWithStringKey
    {
        Task<int> SumAsync([Immutable] List<int> numbers);
    }

    [GenerateSerializer, Immutable, Alias("test.Leaf")]
    public sealed record Leaf
    {
        [Id(0)]
        public required int Number { get; init; }
    }

    public interface IWellMadeGrain : IGrainWithStringKey
    {
        ValueTask<ImmutableArray<Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<Leaf> leaves, (int, Leaf) pair, ITurnGrain grain, Uri uri,
            CancellationToken cancellationToken);
    }

    [GrainType("well made")]
    public sealed class WellMadeGrain : Grain, IWellMadeGrain, IPromisedParameterGrain
    {
        public Task<int> SumAsync(List<int> numbers) => Task.FromResult(numbers.Sum());

        public async ValueTask<ImmutableArray<Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<Leaf> leaves, (int, Leaf) pair, ITurnGrain grain, Uri uri,
            CancellationToken cancellationToken)
        {
            await grain.SayAsync($"{number} {text} {id} {time:u} {day} {pair.Item2.Number} {uri}");
            return text is null ? null : leaves;
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData(null)]
    public async Task Arguments_of_every_kind_arrive(string? text)
    {
        var gates = new Gates();
        await using var host = await GrainHostFixture.StartAsync(gates);
        var id = Guid.NewGuid();
        var leaves = ImmutableArray.Create(new Leaf { Number = 1 }, new Leaf { Number = 2 });

        var answer = await host.Grain<IWellMadeGrain>("a").SendAsync(
            3, text, id, DateTimeOffset.UnixEpoch, DayOfWeek.Friday, leaves, (1, leaves[1]), host.Grain<ITurnGrain>("b"), new Uri("https://a.test/"),
            CancellationToken.None);

        Assert.Equal([$"3 {text} {id} 1970-01-01 00:00:00Z Friday 2 https://a.test/"], gates.Log);
        Assert.Equal(text is null ? null : leaves, answer);
    }

    [Fact]
    public async Task A_parameter_that_its_caller_promises_not_to_change_may_be_of_any_type()
    {
        await using var host = await GrainHostFixture.StartAsync();
        Assert.Equal(6, await host.Grain<IPromisedParameterGrain>("a").SumAsync([1, 2, 3]));
    }

    [Fact]
    public async Task References_to_one_grain_are_equal_and_know_its_key()
    {
        await using var host = await GrainHostFixture.StartAsync();
        var one = host.Grain<ITurnGrain>("a");

        Assert.Equal(one, host.Grain<ITurnGrain>("a"));
        Assert.Equal(one.GetHashCode(), host.Grain<ITurnGrain>("a").GetHashCode());
        Assert.NotEqual(one, host.Grain<ITurnGrain>("b"));
        Assert.Equal("a", one.GetPrimaryKeyString());
        Assert.Equal(one, one.AsReference<ITurnGrain>());
    }
}
