using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>What is known of a grain class: its durable name, how it is made, and how its calls interleave.</summary>
internal sealed class GrainClass
{
    private readonly ConstructorInvoker _constructor;
    private readonly Func<Activation, GrainCatalog, object>[] _arguments;

    public GrainClass(Type type)
    {
        Type = type;
        Name = type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? DefaultName(type);
        IsReentrant = type.GetCustomAttribute<ReentrantAttribute>() is not null;
        if (type.GetCustomAttribute<StatelessWorkerAttribute>() is { } worker)
            MaxWorkers = worker.MaxLocalWorkers < 0 ? Environment.ProcessorCount : worker.MaxLocalWorkers;
        CollectionAge = type.IsDefined(typeof(KeepAliveAttribute)) ? TimeSpan.MaxValue : type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit;
        if (type.GetConstructors() is not [var constructor])
            throw new InvalidOperationException($"{type} must have exactly one public constructor.");
        _constructor = ConstructorInvoker.Create(constructor);
        _arguments = [.. constructor.GetParameters().Select(Argument)];
    }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Its durable name: that of <c>[GrainType]</c>, else the class's without "Grain".</summary>
    public string Name { get; }

    /// <summary>Whether its calls interleave.</summary>
    public bool IsReentrant { get; }

    /// <summary>The most activations of a stateless worker; 0 for a grain of one activation.</summary>
    public int MaxWorkers { get; }

    /// <summary>After how long without calls its activations end; null for the host's own time.</summary>
    public TimeSpan? CollectionAge { get; }

    /// <summary>Its activations by key, where it is not a stateless worker.</summary>
    public ConcurrentDictionary<string, Activation> Singles { get; } = new();

    /// <summary>Its activations by key, where it is a stateless worker.</summary>
    public ConcurrentDictionary<string, StatelessWorkerPool> Workers { get; } = new();

    /// <summary>All its activations.</summary>
    public IEnumerable<Activation> Activations => Singles.Select(one => one.Value).Concat(Workers.SelectMany(one => one.Value.Workers));

    /// <summary>Makes the grain's object, with its state read.</summary>
    public async Task<object> CreateAsync(Activation activation, GrainCatalog catalog)
    {
        var arguments = new object?[_arguments.Length];
        for (var index = 0; index < arguments.Length; index++)
            arguments[index] = _arguments[index](activation, catalog);
        var instance = Construct(arguments);
        foreach (var argument in arguments)
        {
            if (argument is PersistentState state)
                await state.ReadStateAsync();
        }

        return instance;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a constructor throws is told as Orleans tells it.")]
    private object Construct(object?[] arguments)
    {
        try
        {
            return _constructor.Invoke(arguments.AsSpan())!;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"Failed to create an instance of grain type '{Type}'. See InnerException for details.", fault);
        }
    }

    private static Func<Activation, GrainCatalog, object> Argument(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            var type = typeof(PersistentState<>).MakeGenericType(parameter.ParameterType.GetGenericArguments()[0]);
            var make = ConstructorInvoker.Create(type.GetConstructors().Single());
            return (activation, catalog) => make.Invoke(state.StateName, activation.Id, catalog.Storage);
        }

        var service = parameter.ParameterType;
        return service == typeof(IGrainContext)
            ? (activation, _) => activation
            : (_, catalog) => catalog.Services.GetRequiredService(service);
    }

    private static string DefaultName(Type type) =>
        (type.Name.EndsWith("Grain", StringComparison.Ordinal) ? type.Name[..^5] : type.Name).ToLowerInvariant();
}
