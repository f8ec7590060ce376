using System.Collections.Concurrent;
using System.Net;

namespace CapifOrleans.Client;

/// <summary>The security context (TS 29.222 8.5.4.2.2) as this end has it: what was selected for each AEF, and what comes of it.</summary>
internal sealed class SecurityContext(ApiInvokerOptions options, InvokerIdentity identity, CoreConnection core) : IDisposable
{
    private readonly Negotiation _negotiation = new(options, identity, core);
    private readonly ConcurrentDictionary<string, AefAccess> _accesses = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _disposed;

    /// <summary>What gives access to this AEF; negotiated if there is none, if it is about to expire, or if it is the one in doubt.</summary>
    /// <exception cref="CapifException">The core function refused, or selected no method.</exception>
    public async ValueTask<AefAccess> GetAsync(string aefId, AefAccess? doubted, CancellationToken cancellationToken)
    {
        if (Usable(aefId, doubted) is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Somebody else may have negotiated meanwhile.
            return Usable(aefId, doubted) ?? await NegotiateAsync([aefId], cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Negotiates for these AEFs, whatever there is.</summary>
    public async Task NegotiateAsync(IReadOnlyCollection<string> aefIds, bool anew, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (anew || aefIds.Any(one => Usable(one, null) is null))
                await NegotiateAsync(aefIds, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The method that is in force at an AEF; null where none was negotiated.</summary>
    public SecurityMethod? MethodAt(string aefId) => Usable(aefId, null)?.Method;

    /// <summary>Forgets what gives access to this AEF, or to all: the next call negotiates.</summary>
    public void Forget(string? aefId)
    {
        foreach (var one in aefId is null ? [.. _accesses.Keys] : new[] { aefId })
        {
            if (_accesses.TryRemove(one, out var access))
                access.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Forget(null);
    }

    private AefAccess? Usable(string aefId, AefAccess? doubted) =>
        _accesses.TryGetValue(aefId, out var access) && access != doubted && !access.Validity.IsOver(options.Time) ? access : null;

    /// <summary>
    /// A security context is one resource: negotiating for one more AEF names those in use as well, and each gets another key, since keys are of
    /// the session on which they were negotiated last.
    /// </summary>
    private async Task<AefAccess> NegotiateAsync(IReadOnlyCollection<string> aefIds, CancellationToken cancellationToken)
    {
        var all = _accesses.Keys.Union(aefIds, StringComparer.Ordinal).ToList();
        IReadOnlyList<AefAccess> made;
        try
        {
            made = await _negotiation.RunAsync(all, cancellationToken);
        }
        catch (CapifException refused) when (all.Count > aefIds.Count && refused.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            // Another AEF may have left since; it must not keep this one from being reached.
            made = await _negotiation.RunAsync(aefIds, cancellationToken);
        }

        Forget(null);
        foreach (var access in made)
            _accesses[access.AefId] = access;
        if (_disposed)
            Forget(null);
        foreach (var wanted in aefIds)
        {
            if (made.All(access => access.AefId != wanted))
            {
                throw new CapifException(
                    $"The core function selected no security method for AEF {wanted}: it offers none of {string.Join(", ", options.PreferredMethods)} that could be used.");
            }
        }

        return made.First(access => access.AefId == aefIds.First());
    }
}
