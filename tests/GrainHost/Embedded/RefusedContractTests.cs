using System.Collections.Immutable;
using CapifOrleans.GrainHost.Tests.Grains;
using Orleans;

namespace CapifOrleans.GrainHost.Tests.Embedded;

/// <summary>
/// What the embedded host refuses because Orleans would have to copy it, could not send it or could not find it. Orleans itself refuses some of
/// these when they are compiled, and copies the others.
/// </summary>
public sealed class RefusedContractTests
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

    public interface ISendableGrain : IGrainWithStringKey
    {
        ValueTask<ImmutableArray<ContractTests.Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<ContractTests.Leaf> leaves, (int, ContractTests.Leaf) pair, ITurnGrain grain, Uri uri,
            long[] numbersNobodySends);
    }

    public sealed class Box
    {
        public int Number { get; set; }
    }

    [GrainType("awkward")]
    public sealed class AwkwardGrain : Grain, IMutableParameterGrain, IMutableResultGrain, IMutableWithinGrain, ISynchronousGrain, IGenericMethodGrain,
        ISendableGrain, ITwiceImplementedGrain
    {
        public Task TakeAsync(List<int> numbers) => Task.CompletedTask;

        public Task<byte[]> GiveAsync() => Task.FromResult<byte[]>([]);

        public Task TakeAsync(ImmutableArray<Box> boxes) => Task.CompletedTask;

        public int Number() => 1;

        public Task TakeAsync<T>(T value) => Task.CompletedTask;

        public ValueTask<ImmutableArray<ContractTests.Leaf>?> SendAsync(
            int number, string? text, Guid id, DateTimeOffset time, DayOfWeek day, ImmutableArray<ContractTests.Leaf> leaves, (int, ContractTests.Leaf) pair, ITurnGrain grain, Uri uri,
            long[] numbersNobodySends) => new(leaves);


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
}
