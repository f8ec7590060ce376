using CapifOrleans.Enrolment;

namespace CapifOrleans.Silo.Hosting;

/// <summary>Whether this core function serves requests: it has started, is not stopping, and its grains and their storage answer.</summary>
internal sealed class Readiness(IClusterClient grains, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private volatile string? _reason = "Starting.";

    /// <summary>Every listener runs.</summary>
    public void Started() => _reason = null;

    /// <summary>No new work, please.</summary>
    public void Stopping() => _reason = "Stopping.";

    /// <summary>Why it does not serve requests; null when it does.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        if (_reason is { } reason)
            return reason;
        try
        {
            // Read through a grain that is backed by storage.
            await grains.GetGrain<IEnrolmentDirectoryGrain>("users").ListAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return _reason;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return "The grains do not answer.";
        }
    }
}
