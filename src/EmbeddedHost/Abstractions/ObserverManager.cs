using System.Collections;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Utilities;

/// <summary>The observers of a grain. One that was not seen again for a while, or whose call failed, is dropped.</summary>
public class ObserverManager<TIdentity, TObserver>(TimeSpan expiration, ILogger log) : IEnumerable<TObserver>
    where TIdentity : notnull
{
    private static readonly Action<ILogger, int, Exception?> Dropped =
        LoggerMessage.Define<int>(LogLevel.Debug, new EventId(1, nameof(Dropped)), "Dropped {Count} observers that are gone");

    // Replaced, never changed: a notification goes on over what it began with while others subscribe.
    private Dictionary<TIdentity, (TObserver Observer, DateTime LastSeen)> _observers = [];

    /// <summary>The clock.</summary>
    public Func<DateTime> GetDateTime { get; set; } = () => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>How long an observer stays that is not seen again.</summary>
    public TimeSpan ExpirationDuration { get; set; } = expiration;

    /// <summary>How many observers there are.</summary>
    public int Count => _observers.Count;

    /// <summary>The observers.</summary>
    public IReadOnlyDictionary<TIdentity, TObserver> Observers => _observers.ToDictionary(one => one.Key, one => one.Value.Observer);

    /// <summary>Drops all.</summary>
    public void Clear() => _observers = [];

    /// <summary>Adds an observer, or says that it is still there.</summary>
    public void Subscribe(TIdentity id, TObserver observer) => _observers = new(_observers) { [id] = (observer, GetDateTime()) };

    /// <summary>Drops an observer.</summary>
    public void Unsubscribe(TIdentity id) => Drop([id]);

    /// <summary>Calls the observers, one after the other; those whose call fails, and those that have expired, are dropped.</summary>
    public async Task Notify(Func<TObserver, Task> notification, Func<TObserver, bool>? predicate = null)
    {
        var gone = Expired();
        foreach (var (id, (observer, _)) in _observers)
        {
            if (gone.Contains(id) || predicate?.Invoke(observer) == false)
                continue;
            try
            {
                await notification(observer);
            }
#pragma warning disable CA1031 // Whatever went wrong, this observer cannot be told, and the others must be.
            catch (Exception)
#pragma warning restore CA1031
            {
                gone.Add(id);
            }
        }

        Drop(gone);
    }

    /// <inheritdoc cref="Notify(Func{TObserver, Task}, Func{TObserver, bool}?)"/>
    public void Notify(Action<TObserver> notification, Func<TObserver, bool>? predicate = null)
    {
        var gone = Expired();
        foreach (var (id, (observer, _)) in _observers)
        {
            if (gone.Contains(id) || predicate?.Invoke(observer) == false)
                continue;
            try
            {
                notification(observer);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception)
#pragma warning restore CA1031
            {
                gone.Add(id);
            }
        }

        Drop(gone);
    }

    /// <summary>Drops those that have expired.</summary>
    public void ClearExpired() => Drop(Expired());

    /// <inheritdoc/>
    public IEnumerator<TObserver> GetEnumerator() => _observers.Values.Select(one => one.Observer).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private HashSet<TIdentity> Expired()
    {
        var before = GetDateTime() - ExpirationDuration;
        return [.. _observers.Where(one => one.Value.LastSeen < before).Select(one => one.Key)];
    }

    private void Drop(HashSet<TIdentity> gone)
    {
        if (gone.Count == 0)
            return;
        _observers = _observers.Where(one => !gone.Contains(one.Key)).ToDictionary();
        Dropped(log, gone.Count, null);
    }
}

/// <summary>The observers of a grain, each its own identity.</summary>
public class ObserverManager<TObserver>(TimeSpan expiration, ILogger log) : ObserverManager<IAddressable, TObserver>(expiration, log);
