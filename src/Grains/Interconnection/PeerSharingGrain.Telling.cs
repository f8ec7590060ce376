using System.Text.Json;
using CapifOrleans.Grains.Publish;
using CapifOrleans.Interconnection;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>Telling a peer the difference: Publish_Service_API, Update, Unpublish and Get (29.222 5.3.2) with our ccfId in place of an APF's.</summary>
internal sealed partial class PeerSharingGrain
{
    // So many requests are under way at a time, and their answers are one write.
    private const int ToldAtATime = 16;
    private static readonly TimeSpan ListEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private bool _listed;
    private bool _comparing;
    private int _failures;
    private DateTimeOffset _notBefore;
    private DateTimeOffset _listAgainAt;

    private string Resources => $"/published-apis/v1/{options.CcfId}/service-apis";

    /// <summary>One round. It interleaves with questions, not with itself.</summary>
    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        if (_comparing || time.GetUtcNow() < _notBefore)
            return;
        _comparing = true;
        try
        {
            if (!await RefreshAsync(cancellationToken) || (_wanted.Count == 0 && state.State.Shared.Count == 0 && _listed))
                return;
            if (await ListAsync(_ccf!) && await TellAsync(_ccf!, cancellationToken))
            {
                _failures = 0;
                return;
            }

            // Longer from time to time; what it has then must be asked anew.
            _listed = false;
            var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_failures++, 10)));
            _notBefore = time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        }
        finally
        {
            _comparing = false;
        }
    }

    /// <summary>Tells what differs; false where the peer did not answer to something.</summary>
    private async Task<bool> TellAsync(InterconnectedCcf ccf, CancellationToken cancellationToken)
    {
        var differing = _wanted.Keys.Where(apiId => StatusOf(apiId) == SharingStatus.Pending)
            .Concat(state.State.Shared.Keys.Where(apiId => !_wanted.ContainsKey(apiId)))
            .ToList();
        foreach (var some in differing.Chunk(ToldAtATime))
        {
            var told = await Task.WhenAll(some.Select(apiId => TellAsync(ccf, apiId, cancellationToken)));
            // Ended meanwhile: what the peer has is its own to remove.
            if (_timer is null || cancellationToken.IsCancellationRequested)
                return true;
            for (var index = 0; index < some.Length; index++)
            {
                if (!told[index].Answered)
                    continue;
                if (told[index].Entry is { } entry)
                    state.State.Shared[some[index]] = entry;
                else
                    state.State.Shared.Remove(some[index]);
            }

            await WriteAsync();
            if (told.Any(one => !one.Answered))
                return false;
        }

        return true;
    }

    private Task<(bool Answered, SharedEntry? Entry)> TellAsync(InterconnectedCcf ccf, string apiId, CancellationToken cancellationToken)
    {
        var known = state.State.Shared.GetValueOrDefault(apiId);
        if (!_wanted.TryGetValue(apiId, out var wanted))
            return WithdrawAsync(ccf, apiId, known!, cancellationToken);
        return known?.PeerApiId is { } peerApiId
            ? PublishAsync(ccf, apiId, wanted, new PeerRequest(HttpMethod.Put, $"{Resources}/{Uri.EscapeDataString(peerApiId)}"), known, cancellationToken)
            : PublishAsync(ccf, apiId, wanted, new PeerRequest(HttpMethod.Post, Resources), known, cancellationToken);
    }

    private async Task<(bool Answered, SharedEntry? Entry)> PublishAsync(
        InterconnectedCcf ccf, string apiId, (ServiceApiDescription Description, string Digest) wanted, PeerRequest request, SharedEntry? known,
        CancellationToken cancellationToken)
    {
        var outcome = await client.SendAsync(ccf, request with { Body = WireJson.SerializeToUtf8Bytes(wanted.Description) }, cancellationToken);
        if (!outcome.TryGet(out var answer, out _) || answer.Status == 401)
            return (false, null);
        if (answer.IsSuccess)
        {
            if (known?.PeerApiId is { } peerApiId)
                return (true, new SharedEntry { PeerApiId = peerApiId, Digest = wanted.Digest });
            // Without an identifier it could never be withdrawn: not what the standard has a core function answer.
            if (!answer.TryRead<ServiceApiDescription>(out var published) || string.IsNullOrEmpty(published.ApiId))
                return (false, null);
            Shared(apiId, CcfId);
            return (true, new SharedEntry { PeerApiId = published.ApiId, Digest = wanted.Digest });
        }

        // Gone at the peer: it is published there anew.
        if (answer.Status == 404 && known?.PeerApiId is not null)
            return (true, new SharedEntry());
        Refused(CcfId, apiId, answer.Status);
        return (true, new SharedEntry { PeerApiId = known?.PeerApiId, Digest = known?.Digest, RefusedDigest = wanted.Digest });
    }

    private async Task<(bool Answered, SharedEntry? Entry)> WithdrawAsync(
        InterconnectedCcf ccf, string apiId, SharedEntry known, CancellationToken cancellationToken)
    {
        if (known.PeerApiId is not { } peerApiId)
            return (true, null);
        if (!await DeleteAsync(ccf, peerApiId, cancellationToken))
            return (false, known);
        Withdrawn(apiId, CcfId);
        return (true, null);
    }

    private async Task<bool> DeleteAsync(InterconnectedCcf ccf, string peerApiId, CancellationToken cancellationToken)
    {
        var outcome = await client.SendAsync(ccf, new PeerRequest(HttpMethod.Delete, $"{Resources}/{Uri.EscapeDataString(peerApiId)}"), cancellationToken);
        return outcome.TryGet(out var answer, out _) && (answer.IsSuccess || answer.Status == 404);
    }

    /// <summary>Asks the peer what it has of us, if that is due, and goes by it: its own list is the truth of it.</summary>
    private async Task<bool> ListAsync(InterconnectedCcf ccf)
    {
        if (_listed && time.GetUtcNow() < _listAgainAt)
            return true;
        var outcome = await client.SendAsync(ccf, new PeerRequest(HttpMethod.Get, Resources), CancellationToken.None);
        if (!outcome.TryGet(out var answer, out _) || answer.Status != 200 || Read(answer.Body) is not { } has || _timer is null)
            return false;
        var shared = state.State.Shared;
        foreach (var (apiId, entry) in shared.Where(one => one.Value.PeerApiId is { } theirs && !has.ContainsKey(theirs)).ToList())
            shared[apiId] = new SharedEntry();
        foreach (var (peerApiId, description) in has.Where(one => !shared.Values.Any(entry => entry.PeerApiId == one.Key)).ToList())
        {
            // An answer of its that we never got.
            var apiId = _wanted.FirstOrDefault(one => IsSame(one.Value.Description, description)).Key;
            if (apiId is not null && shared.GetValueOrDefault(apiId)?.PeerApiId is null)
                shared[apiId] = new SharedEntry { PeerApiId = peerApiId };
            else if (!await DeleteAsync(ccf, peerApiId, CancellationToken.None))
                return false;
        }

        await WriteAsync();
        (_listed, _listAgainAt) = (true, time.GetUtcNow() + ListEvery);
        return true;
    }

    private static bool IsSame(ServiceApiDescription one, ServiceApiDescription other) =>
        one.ApiName == other.ApiName && PublishRules.AefIds(one).ToHashSet(StringComparer.Ordinal).SetEquals(PublishRules.AefIds(other));

    private static Dictionary<string, ServiceApiDescription>? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var found = new Dictionary<string, ServiceApiDescription>(StringComparer.Ordinal);
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (!WireValidator.TryRead<ServiceApiDescription>(System.Text.Encoding.UTF8.GetBytes(element.GetRawText()), out var one, out _)
                    || string.IsNullOrEmpty(one.ApiId) || !found.TryAdd(one.ApiId, one))
                {
                    return null;
                }
            }

            return found;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
