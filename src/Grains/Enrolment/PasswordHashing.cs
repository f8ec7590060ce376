using System.Threading.Channels;

namespace CapifOrleans.Grains.Enrolment;

/// <summary>
/// Hashes passwords on threads of its own, so that a flood of log-ins takes neither the grains' threads nor the requests'. The queue is
/// bounded: when it is full, the caller is told so instead of being kept.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private const int MostWaiting = 64;

    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(MostWaiting));
    private readonly PasswordHash _nobody;

    /// <summary>Starts the threads: half as many as there are processors.</summary>
    public PasswordHashing(EnrolmentOptions options)
    {
        Iterations = options.PasswordIterations;
        _nobody = new PasswordHash { Salt = new byte[16], Iterations = Iterations, Hash = new byte[32] };
        for (var number = 0; number < Math.Max(1, Environment.ProcessorCount / 2); number++)
            new Thread(Run) { IsBackground = true, Name = "Password hashing", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>The iterations of new hashes.</summary>
    public int Iterations { get; }

    /// <summary>Hashes a password; null when too many wait already.</summary>
    public Task<PasswordHash?> HashAsync(string password) => QueueAsync<PasswordHash?>(() => PasswordHash.Create(password, Iterations), null);

    /// <summary>Compares a password with a hash; null when too many wait already. Without a hash it takes the same time, and is false.</summary>
    public Task<bool?> MatchesAsync(string password, PasswordHash? hash) =>
        QueueAsync<bool?>(() => (hash ?? _nobody).Matches(password) & hash is not null, null);

    /// <summary>Ends the threads after what is queued.</summary>
    public void Dispose() => _queue.Writer.TryComplete();

    private Task<T> QueueAsync<T>(Func<T> work, T whenFull)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var queued = _queue.Writer.TryWrite(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return queued ? done.Task : Task.FromResult(whenFull);
    }

    private void Run()
    {
        var reader = _queue.Reader;
        while (true)
        {
            while (reader.TryRead(out var work))
                work();
            // A thread of our own may block: it has nothing else to do.
            if (!reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                return;
        }
    }
}
