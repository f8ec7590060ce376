using CapifOrleans.Discover;
using CapifOrleans.Grains.Security;
using CapifOrleans.Interconnection;
using CapifOrleans.Json;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>Security method negotiation across core functions (seed 003 6.X.2), from either end.</summary>
internal sealed partial class InterconnectionGrain
{
    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> NegotiateAsync(
        string apiInvokerId, ServiceSecurity context, CapifSession? session, bool isUpdate, CancellationToken cancellationToken)
    {
        var outcome = options.CcfId is null ? NoPeers : await FindPeersAsync(context, cancellationToken);
        if (!outcome.TryGet(out var peers, out var refusal))
            return refusal;
        if (peers.Entries.Count == 0)
        {
            return isUpdate
                ? await Invoker(apiInvokerId).UpdateSecurityContextAsync(context, session, cancellationToken)
                : await Invoker(apiInvokerId).CreateSecurityContextAsync(context, session, cancellationToken);
        }

        // Before a peer hears of anything: whoever is not onboarded, or asks for what cannot be, is refused here.
        if (!await Invoker(apiInvokerId).IsOnboardedAsync(cancellationToken))
            return await Invoker(apiInvokerId).CreateSecurityContextAsync(context, session, cancellationToken);
        if (SecurityContextRules.Check(context, context.SupportedFeatures?.Intersect(SecurityFeature.Supported)) is { } fault)
            return fault;
        var selected = await Task.WhenAll(peers.Entries.GroupBy(one => one.Ccf.CcfId, StringComparer.Ordinal).Select(one =>
            ForwardAsync(one.First().Ccf, apiInvokerId, context, [.. one], session is not null, cancellationToken)));
        var selections = ImmutableArray.CreateBuilder<PeerSelection>();
        foreach (var one in selected)
        {
            if (!one.TryGet(out var found, out refusal))
                return refusal;
            selections.AddRange(found.Selections);
        }

        return await Invoker(apiInvokerId).NegotiateInterconnectedAsync(context, session, selections.ToImmutable(), isUpdate, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Outcome<ServiceSecurity>> NegotiateForPeerAsync(
        string ccfId, string apiInvokerId, ServiceSecurity context, CancellationToken cancellationToken)
    {
        ImmutableArray<string> named = [.. context.SecurityInfo.Select(entry => entry.ApiId).OfType<string>()];
        var ours = await Sharing(ccfId).ToOwnAsync(named, cancellationToken);
        if (named.FirstOrDefault(apiId => !ours.ContainsKey(apiId)) is { } unknown)
        {
            var index = context.SecurityInfo.ToList().FindIndex(entry => entry.ApiId == unknown);
            return Refusal.OfAttribute($"securityInfo[{index}].apiId", "is no service API that is shared with the core function that asks", cause: "OPTIONAL_IE_INCORRECT");
        }

        var own = context with
        {
            SecurityInfo = [.. context.SecurityInfo.Select(entry => entry.ApiId is null ? entry : entry with { ApiId = ours[entry.ApiId] })],
        };
        var outcome = await Interconnected(apiInvokerId).NegotiateAsync(ccfId, own, cancellationToken);
        if (!outcome.TryGet(out var answer, out var refusal))
            return refusal;
        // In the peer's words: as it asked.
        return answer with
        {
            SecurityInfo = [.. answer.SecurityInfo.Select((entry, index) => entry with { ApiId = context.SecurityInfo[index].ApiId })],
        };
    }

    private static Outcome<PeerEntries> NoPeers { get; } = new PeerEntries([]);

    /// <summary>
    /// "Based on the AEF details received from the API invoker, CCF-B identifies the CCF-A where the AEF is registered": by the service APIs that peers
    /// published here.
    /// </summary>
    private async Task<Outcome<PeerEntries>> FindPeersAsync(ServiceSecurity context, CancellationToken cancellationToken)
    {
        var found = new PeerEntries([]);
        var discovery = GrainFactory.GetGrain<IDiscoveryGrain>(0);
        for (var index = 0; index < context.SecurityInfo.Length; index++)
        {
            var wanted = context.SecurityInfo[index];
            var published = wanted switch
            {
                { AefId: { } aefId } => await discovery.FindByAefAsync(aefId, null, cancellationToken),
                { InterfaceDetails: { } details } => await discovery.FindByInterfaceAsync(details, cancellationToken),
                _ => [],
            };
            if (wanted.ApiId is { } apiId)
                published = [.. published.Where(one => one.Description.ApiId == apiId)];
            // Where one of our own is at that interface, it is ours.
            if (published.IsEmpty || published.Any(one => one.PeerCcfId is null))
                continue;
            var origin = published[0].Description.CcfId ?? published[0].PeerCcfId!;
            published = [.. published.Where(one => (one.Description.CcfId ?? one.PeerCcfId) == origin)];
            if (await PeerAsync(origin, cancellationToken) is not { } ccf)
            {
                var attribute = wanted.AefId is null ? "interfaceDetails" : "aefId";
                return Refusal.OfAttribute(
                    $"securityInfo[{index}].{attribute}", $"is of the core function {origin}, with which this one is not interconnected", ErrorKind.Forbidden, "CCF_NOT_INTERCONNECTED");
            }

            ImmutableArray<string> aefIds = wanted.AefId is { } named ? [named] : SecurityMethodSelection.AefsAt(wanted.InterfaceDetails!, published);
            found.Entries.Add(new PeerEntry(index, ccf, aefIds));
        }

        return found;
    }

    private async Task<Outcome<PeerSelections>> ForwardAsync(
        InterconnectedCcf ccf, string apiInvokerId, ServiceSecurity context, ImmutableArray<PeerEntry> entries, bool hasSession, CancellationToken cancellationToken)
    {
        var (asked, forwarded) = (new List<PeerEntry>(), ImmutableArray.CreateBuilder<SecurityInformation>());
        foreach (var entry in entries)
        {
            var wanted = context.SecurityInfo[entry.Index];
            // The key is made of the session: without one the method cannot be had, whatever the AEF offers.
            ImmutableArray<SecurityMethod> preferred =
                [.. wanted.PrefSecurityMethods.Where(method => hasSession || method != SecurityMethod.Psk)];
            if (preferred.IsEmpty)
                continue;
            asked.Add(entry);
            forwarded.Add(new SecurityInformation
            {
                AefId = wanted.AefId,
                InterfaceDetails = wanted.InterfaceDetails,
                ApiId = wanted.ApiId,
                PrefSecurityMethods = preferred,
            });
        }

        var none = entries.Except(asked).Select(entry => new PeerSelection { Index = entry.Index, CcfId = ccf.CcfId, AefIds = entry.AefIds });
        if (asked.Count == 0)
            return new PeerSelections([.. none]);
        var request = new ServiceSecurity
        {
            SecurityInfo = forwarded.ToImmutable(),
            // Revocations come to this core function, which tells the API invoker.
            NotificationDestination = new Uri(options.Address ?? new Uri("https://localhost/"), Trusted(apiInvokerId) + "/delete").ToString(),
            SupportedFeatures = context.SupportedFeatures?.Intersect(SecurityFeature.ForPeers),
        };
        var sent = await client.SendAsync(
            ccf, new PeerRequest(HttpMethod.Put, Trusted(apiInvokerId)) { Body = WireJson.SerializeToUtf8Bytes(request) }, cancellationToken);
        if (!sent.TryGet(out var answer, out var refusal))
            return refusal;
        if (answer.Status is 400 or 403 or 404)
        {
            // It does not have that AEF any more, or will not have this API invoker: no method is to be had.
            PeerRefused(ccf.CcfId, "Obtain_Security_Method", apiInvokerId, answer.Status);
            return new PeerSelections([.. entries.Select(entry => new PeerSelection { Index = entry.Index, CcfId = ccf.CcfId, AefIds = entry.AefIds })]);
        }

        if (!answer.IsSuccess)
            return PeerClient.Unavailable(ccf);
        if (!answer.TryRead<ServiceSecurity>(out var selected) || !Answers(request, selected))
            return NotUnderstood(ccf.CcfId, "Obtain_Security_Method");
        return new PeerSelections([.. none, .. asked.Select((entry, position) => new PeerSelection
        {
            Index = entry.Index,
            CcfId = ccf.CcfId,
            AefIds = entry.AefIds,
            SelSecurityMethod = selected.SecurityInfo[position].SelSecurityMethod,
        })]);
    }

    /// <summary>Whether a peer answered to what it was asked: entry by entry, and with a method that the API invoker has.</summary>
    private static bool Answers(ServiceSecurity request, ServiceSecurity answer) =>
        request.SecurityInfo.Length == answer.SecurityInfo.Length
        && request.SecurityInfo.Zip(answer.SecurityInfo).All(pair =>
            pair.First.AefId == pair.Second.AefId
            && pair.First.ApiId == pair.Second.ApiId
            && (pair.Second.SelSecurityMethod is not { } method || pair.First.PrefSecurityMethods.Contains(method)));

    private sealed record PeerEntries(List<PeerEntry> Entries);

    private sealed record PeerEntry(int Index, InterconnectedCcf Ccf, ImmutableArray<string> AefIds);

    private sealed record PeerSelections(ImmutableArray<PeerSelection> Selections);
}
