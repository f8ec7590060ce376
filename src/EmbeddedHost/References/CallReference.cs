namespace Orleans.Runtime;

/// <summary>
/// What can be called from afar. Classes derived at run time (<see cref="ReferenceBuilder"/>) implement one interface each: every method
/// packs its arguments into a request of its own type and hands it to one of these.
/// </summary>
internal abstract class CallReference
{
    /// <summary>The interface, as the derived class implements it.</summary>
    public ReferenceInterface Interface { get; set; } = null!;

    /// <summary>A call without a result.</summary>
    protected internal Task Call(TaskRequest request, int method)
    {
        request.Method = Interface.Methods[method];
        Send(request);
        return (request.Method.Options & CallOptions.OneWay) != 0 ? Task.CompletedTask : request.Answer();
    }

    /// <summary>A call with a result.</summary>
    protected internal Task<TResult> CallForResult<TResult>(TaskRequest<TResult> request, int method)
    {
        request.Method = Interface.Methods[method];
        Send(request);
        return (request.Method.Options & CallOptions.OneWay) != 0 ? Task.FromResult(default(TResult)!) : request.Answer();
    }

    /// <summary>Sends a request on its way. What goes wrong is its answer, never an exception here.</summary>
    protected abstract void Send(GrainRequest request);
}
