using System.Security.Cryptography;
using CapifOrleans.Interconnection;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>
/// What is shared with whom, and as what (29.222 5.3.2.2.3, 8.2.4.2.8, 8.2.4.2.9; 23.222 8.25.2): one method a rule. Nothing is shared unless its API
/// provider says so.
/// </summary>
internal static class SharingRules
{
    private const string Path = "pubApiPath";

    /// <summary>Whether a service API is to be shared with a peer.</summary>
    public static bool IsShared(PublishedServiceApi api, InterconnectedCcf ccf, InterconnectionOptions options) =>
        api.Description.ShareableInfo is { IsShareable: true } && IsForDomain(api.Description, ccf, options) && MayPassOn(api, ccf, options);

    /// <summary>The service API as the peer gets it: without identifiers of ours, with the path that it took.</summary>
    public static ServiceApiDescription ForPeer(PublishedServiceApi api, InterconnectedCcf ccf, InterconnectionOptions options)
    {
        var description = api.Description;
        var isSameProvider = options.IsSameProvider(ccf);
        ImmutableArray<string> path = isSameProvider ? [.. PathOf(description).Where(one => one != options.CcfId), options.CcfId!] : [options.CcfId!];
        return description with
        {
            ApiId = null,
            CcfId = api.PeerCcfId is null ? options.CcfId : description.CcfId,
            // Over 6e exactly one domain; within a provider what its API provider said, so that it can be passed on.
            ShareableInfo = isSameProvider
                ? description.ShareableInfo
                : new ShareableInformation { IsShareable = true, CapifProvDoms = [DomainsOf(description).First(ccf.CapifProvDoms.Contains)] },
            PubApiPath = new PublishedApiPath { CcfIds = path },
        };
    }

    /// <summary>What a peer may not publish here; null for what it may.</summary>
    public static Refusal? CheckReceived(ServiceApiDescription description, InterconnectedCcf ccf, InterconnectionOptions options)
    {
        if (PathOf(description).Contains(options.CcfId!))
            return Refusal.OfAttribute(Path, "has this core function in it: the service API was here before", ErrorKind.Forbidden, "PUBLISH_LOOP");
        if (PathOf(description).Length > 64)
            return Refusal.OfAttribute(Path, "has more than 64 core functions", ErrorKind.Forbidden, "PUBLISH_LOOP");
        if ((description.CcfId ?? ccf.CcfId) != ccf.CcfId && !options.IsSameProvider(ccf))
            return Refusal.OfAttribute("ccfId", "is not the core function that publishes: over CAPIF-6e each publishes its own", ErrorKind.Forbidden, "CCF_NOT_ALLOWED");
        return description.AefProfiles is null ? Refusal.OfAttribute("aefProfiles", "is missing", cause: "OPTIONAL_IE_INCORRECT") : null;
    }

    /// <summary>A description as it is kept here: this core function is the last in its path (23.222 8.25.2.1).</summary>
    public static ServiceApiDescription Received(ServiceApiDescription description, string ccfId, InterconnectionOptions options)
    {
        var path = PathOf(description);
        if (!path.Contains(ccfId))
            path = path.Add(ccfId);
        return description with
        {
            CcfId = description.CcfId ?? ccfId,
            PubApiPath = new PublishedApiPath { CcfIds = path.Add(options.CcfId!) },
        };
    }

    /// <summary>What tells one version of a shared service API from another.</summary>
    public static string Digest(ServiceApiDescription description) => Convert.ToHexString(SHA256.HashData(WireJson.SerializeToUtf8Bytes(description)));

    /// <summary>
    /// Shared with one of the peer's domains. Where its API provider names none, only within this provider's own: nobody said that others may
    /// have it.
    /// </summary>
    private static bool IsForDomain(ServiceApiDescription description, InterconnectedCcf ccf, InterconnectionOptions options) =>
        description.ShareableInfo?.CapifProvDoms is { } domains ? domains.Any(ccf.CapifProvDoms.Contains) : options.IsSameProvider(ccf);

    /// <summary>
    /// What came from a peer goes on only within this provider, and not to where it was: over 6e a core function stands for its own AEFs only, since
    /// it could not answer for others'.
    /// </summary>
    private static bool MayPassOn(PublishedServiceApi api, InterconnectedCcf ccf, InterconnectionOptions options) =>
        api.PeerCcfId is not { } from
        || (options.IsSameProvider(ccf) && from != ccf.CcfId && api.Description.CcfId != ccf.CcfId && !PathOf(api.Description).Contains(ccf.CcfId));

    private static ImmutableArray<string> PathOf(ServiceApiDescription description) => description.PubApiPath?.CcfIds ?? [];

    private static ImmutableArray<string> DomainsOf(ServiceApiDescription description) => description.ShareableInfo?.CapifProvDoms ?? [];
}
