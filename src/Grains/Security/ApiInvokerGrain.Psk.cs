using System.Security.Cryptography;
using CapifOrleans.Grains.Security;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// Method PSK (33.122 6.5.2.1, A.1): a key for each AEF, of the CAPIF-1e session on which it was negotiated. It lives as long as its
/// validity, and no longer than the authorization that it is for.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    /// <summary>Derives the keys of a context that was negotiated on this session; those of an earlier one are gone.</summary>
    private void DeriveAefKeys(SecurityContextState context, CapifSession? session)
    {
        var keys = new List<AefKeyState>();
        foreach (var aefId in PskAefs(context))
        {
            // Without a session the method is never selected.
            var key = AefPsk.Derive(session!.MasterSecret.AsSpan(), session.SessionId.AsSpan(), aefId);
            keys.Add(new AefKeyState { AefId = aefId, SealedKey = _secrets.Seal(key, Place(aefId)), ExpiresAt = _time.GetUtcNow() + _options.AefPskLifetime });
            CryptographicOperations.ZeroMemory(key);
        }

        _state.State.AefKeys = keys;
    }

    /// <summary>Takes away the keys of AEFs at which the method is no longer in force: with a revocation the key goes, too.</summary>
    private void KeepAefKeysOf(SecurityContextState? context)
    {
        var left = PskAefs(context).ToHashSet(StringComparer.Ordinal);
        _state.State.AefKeys.RemoveAll(key => !left.Contains(key.AefId));
    }

    /// <summary>The validity timer, for the API invoker (33.122 6.5.2.1 step 1); it has the key itself.</summary>
    private SecurityInformation ForInvoker(SecurityContextEntry entry) => entry.Information.SelSecurityMethod switch
    {
        SecurityMethod.Psk => entry.Information with
        {
            AuthenticationInfo = new AefPskInformation
            {
                PskIdentity = ApiInvokerId,
                ValidityTime = (long)_options.AefPskLifetime.TotalSeconds,
                CcfId = entry.CcfId is null ? null : _interconnection.CcfId,
            }.ToJson(),
        },
        // It must name this core function to an AEF of another (seed 003 6.X.3.1).
        not null when entry.CcfId is not null && _interconnection.CcfId is { } own => entry.Information with
        {
            AuthenticationInfo = new InterconnectionInformation { CcfId = own }.ToJson(),
        },
        _ => entry.Information,
    };

    /// <summary>The key and its remaining time, for the AEF (steps 4 and 5); null once it has expired.</summary>
    private string? AefKey(string aefId)
    {
        if (FindAefKey(aefId) is not { } found)
            return null;
        var remaining = (long)(found.ExpiresAt - _time.GetUtcNow()).TotalSeconds;
        if (remaining <= 0 || _secrets.TryOpen(found.SealedKey, Place(aefId)) is not { } key)
            return null;
        return new AefPskInformation { PskIdentity = ApiInvokerId, ValidityTime = remaining, AefPsk = Convert.ToBase64String(key) }.ToJson();
    }

    private AefKeyState? FindAefKey(string aefId) => _state.State.AefKeys.Find(one => one.AefId == aefId);

    private static IEnumerable<string> PskAefs(SecurityContextState? context) => (context?.Entries ?? [])
        .Where(entry => entry.Information.SelSecurityMethod == SecurityMethod.Psk)
        .SelectMany(entry => entry.AefIds)
        .Distinct(StringComparer.Ordinal);

    private string Place(string aefId) => $"aefpsk {ApiInvokerId} {aefId}";
}
