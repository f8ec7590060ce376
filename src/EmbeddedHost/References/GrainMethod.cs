using System.Linq.Expressions;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>A method of a grain interface, as the host calls it.</summary>
internal abstract class GrainMethod
{
    private static readonly MethodInfo ValueTaskAsTask = typeof(ValueTask).GetMethod(nameof(ValueTask.AsTask))!;

    /// <summary>Calls the grain; the result is what the caller's method returns.</summary>
    public abstract object Call(GrainCatalog catalog, GrainId id, object?[] arguments);

    /// <summary>Reads a method; refuses what Orleans could not send.</summary>
    public static GrainMethod Create(Type grainInterface, MethodInfo method)
    {
        var name = $"{grainInterface.Name}.{method.Name}";
        foreach (var parameter in method.GetParameters())
            Sendable.Check(parameter.ParameterType, $"{name}, parameter {parameter.Name}");
        var options = (method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? CallOptions.AlwaysInterleave : 0)
            | (method.IsDefined(typeof(ReadOnlyAttribute)) ? CallOptions.ReadOnly : 0)
            | (method.IsDefined(typeof(OneWayAttribute)) ? CallOptions.OneWay : 0);
        var returned = method.ReturnType;
        var isValueTask = returned == typeof(ValueTask) || (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(ValueTask<>));
        if (!isValueTask && !typeof(Task).IsAssignableFrom(returned))
            throw new NotSupportedException($"{name} must return a Task or ValueTask.");
        var result = returned.IsGenericType ? returned.GetGenericArguments()[0] : typeof(bool);
        if (returned.IsGenericType)
            Sendable.Check(result, $"{name}, result");
        return (GrainMethod)Activator.CreateInstance(
            typeof(GrainMethod<>).MakeGenericType(result), grainInterface, name, options, Compile(method), isValueTask, returned.IsGenericType)!;
    }

    /// <summary>The call of the method on a grain's object, compiled: (grain, arguments) -> task.</summary>
    private static Func<object, object?[], Task> Compile(MethodInfo method)
    {
        var grain = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var values = method.GetParameters().Select((parameter, index) =>
            Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType));
        Expression call = Expression.Call(Expression.Convert(grain, method.DeclaringType!), method, values);
        if (method.ReturnType == typeof(ValueTask))
            call = Expression.Call(call, ValueTaskAsTask);
        else if (method.ReturnType.IsValueType)
            call = Expression.Call(call, method.ReturnType.GetMethod(nameof(ValueTask<>.AsTask))!);
        return Expression.Lambda<Func<object, object?[], Task>>(Expression.Convert(call, typeof(Task)), grain, arguments).Compile();
    }
}

/// <summary>A method with a result of that type; one without a result has a meaningless Boolean.</summary>
internal sealed class GrainMethod<TResult>(
    Type grainInterface, string name, CallOptions options, Func<object, object?[], Task> method, bool isValueTask, bool hasResult) : GrainMethod
{
    /// <inheritdoc/>
    public override object Call(GrainCatalog catalog, GrainId id, object?[] arguments)
    {
        var request = new GrainRequest<TResult>(method, arguments) { Options = options, Name = name, ChainId = RequestContext.CurrentChain };
        var task = catalog.CallAsync(grainInterface, id, request);
        if ((options & CallOptions.OneWay) != 0)
            task = Task.FromResult(default(TResult)!);
        if (!isValueTask)
            return task;
        return hasResult ? new ValueTask<TResult>(task) : new ValueTask(task);
    }
}
