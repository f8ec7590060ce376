using System.Collections.Immutable;
using CapifOrleans.GrainHost.Tests.Grains;
using Orleans;

namespace CapifOrleans.GrainHost.Tests;

/// <summary>What the host refuses because Orleans would have to copy it, could not send it or could not find it.</summary>
public sealed class ContractTests
{
    public interface IMutableParameterGrain : IGrainWithStringKey
    {
        Task TakeAsync(List<int> numbers);
    }

    public interface IMutableResultGrain : IGrainWithStringKey
    {
        Task<byte[]> GiveAsync();
    }

    public interface IMutableWithinGrain : IGrainWithStringKey
    {
        Task TakeAsync(ImmutableArray<Box> boxes);
    }

    public interface IPromisedParameterGrain : IGrainWithStringKey
    {
        Task<int> SumAsync([Immutable] List<int> numbers);
    }

    public interface ISynchronousGrain : IGrainWithStringKey
    {
        int Number();
    }

    public interface IGenericMethodGrain : IGrainWithStringKey
    {
        Task TakeAsync<T>(T value);
    }

    public interface IUnimplementedGrain : IGrainWithStringKey;

    public interface ITwiceImplementedGrain : IGrainWithStringKey;

    [GenerateSerializer, Immutable, Alias("test.Leaf")]
    public sealed record Leaf
    {
        [Id(0)]
        public required int Number { get; init; }
    }

    public interface ISendableGrain : IGrainWithStringKey
    {
        ValueTask<ImmutableArray<Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<Leaf> leaves, (int, Leaf) pair, ITurnGrain grain, Uri uri,
            long[] numbersNobodySends);
    }

    public interface IWellMadeGrain : IGrainWithStringKey
    {
        ValueTask<ImmutableArray<Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<Leaf> leaves, (int, Leaf) pair, ITurnGrain grain, Uri uri,
            CancellationToken cancellationToken);
    }

    public sealed class Box
    {
        public int Number { get; set; }
    }

    [GrainType("awkward")]
    public sealed class AwkwardGrain : Grain, IMutableParameterGrain, IMutableResultGrain, IMutableWithinGrain, ISynchronousGrain, IGenericMethodGrain,
        ISendableGrain, IWellMadeGrain, IPromisedParameterGrain, ITwiceImplementedGrain
    {
        public Task TakeAsync(List<int> numbers) => Task.CompletedTask;

        public Task<byte[]> GiveAsync() => Task.FromResult<byte[]>([]);

        public Task TakeAsync(ImmutableArray<Box> boxes) => Task.CompletedTask;

        public Task<int> SumAsync(List<int> numbers) => Task.FromResult(numbers.Sum());

        public int Number() => 1;

        public Task TakeAsync<T>(T value) => Task.CompletedTask;

        public ValueTask<ImmutableArray<Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<Leaf> leaves, (int, Leaf) pair, ITurnGrain grain, Uri uri,
            long[] numbersNobodySends) => new(leaves);

        public async ValueTask<ImmutableArray<Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<Leaf> leaves, (int, Leaf) pair, ITurnGrain grain, Uri uri,
            CancellationToken cancellationToken)
        {
            await grain.SayAsync($"{number} {text} {id} {time:u} {day} {pair.Item2.Number} {uri}");
            return text is null ? null : leaves;
        }
    }

    [GrainType("awkward twin")]
    public sealed class TwinGrain : Grain, ITwiceImplementedGrain;

    [Theory]
    [InlineData(typeof(IMutableParameterGrain), "numbers")]
    [InlineData(typeof(IMutableResultGrain), "result")]
    [InlineData(typeof(IMutableWithinGrain), "boxes")]
    [InlineData(typeof(ISynchronousGrain), "must return")]
    [InlineData(typeof(IGenericMethodGrain), "generic")]
    [InlineData(typeof(ISendableGrain), "numbersNobodySends")]
    public async Task A_contract_that_could_not_cross_is_refused_by_name(Type grainInterface, string said)
    {
        await using var host = await GrainHostFixture.StartAsync();
        var refused = Assert.Throws<NotSupportedException>(() => host.Grains.GetGrain(grainInterface, "a"));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(IUnimplementedGrain))]
    [InlineData(typeof(ITwiceImplementedGrain))]
    public async Task An_interface_of_no_class_or_of_several_is_refused(Type grainInterface)
    {
        await using var host = await GrainHostFixture.StartAsync();
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain(grainInterface, "a"));
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
        Assert.Throws<InvalidCastException>(() => one.AsReference<INotesGrain>());
    }
}
