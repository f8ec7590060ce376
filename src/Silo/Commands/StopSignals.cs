using System.Runtime.InteropServices;

namespace CapifOrleans.Silo.Commands;

/// <summary>SIGTERM and SIGINT: the first asks for an orderly stop, a second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Begins to listen for them.</summary>
    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
    ];

    /// <summary>Ends with the first signal.</summary>
    public CancellationToken Token => _first.Token;

    /// <summary>Returns when the first signal comes.</summary>
    public async Task WaitAsync()
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Token.Register(signal.SetResult);
        await signal.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _first.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
            _first.Cancel();
        else
            Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
    }
}
