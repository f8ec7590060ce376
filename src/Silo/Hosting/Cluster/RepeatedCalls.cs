using CapifOrleans.Frontend.Operations;
using Orleans.Runtime;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>
/// Makes again the grain calls of a request that may be made again, where the silo that had the grain is gone: the answer is late rather than
/// a failure. Calls of other requests, and those that grains make, fail at once; nobody knows how far they came.
/// </summary>
internal sealed class RepeatedCalls(TimeProvider time) : IOutgoingGrainCallFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.SourceContext is not null || !RepeatableRequest.IsCurrent)
        {
            await context.Invoke();
            return;
        }

        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException && time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(pause, time);
            }
        }
    }
}
