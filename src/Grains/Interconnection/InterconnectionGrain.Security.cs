using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CapifOrleans.Interconnection;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>Security information and tokens across core functions (seed 003 6.X.3.1 and 6.X.3.2).</summary>
internal sealed partial class InterconnectionGrain
{
    /// <inheritdoc/>
    public async Task<Outcome<InterconnectedSecurity>> GetSecurityContextAsync(
        string apiInvokerId, SecurityContextQuery query, CancellationToken cancellationToken)
    {
        var invoker = Interconnected(apiInvokerId);
        var outcome = await invoker.GetSecurityContextAsync(query, cancellationToken);
        if (!outcome.TryGet(out var known, out _) || !known.NeedsPeer)
            return outcome;
        // It has the peer's word that such an API invoker is there, since it negotiated; "if it has no security information", the peer is asked.
        if (await PeerAsync(known.CcfId!, cancellationToken) is not { } ccf)
            return Refusal.NotFound("Security context not found", "API Invoker has no security context");
        var path = $"{Trusted(apiInvokerId)}?authenticationInfo=true&aef-id={Uri.EscapeDataString(query.AefId)}";
        var sent = await client.SendAsync(ccf, new PeerRequest(HttpMethod.Get, path), cancellationToken);
        if (!sent.TryGet(out var answer, out var refusal))
            return refusal;
        if (!answer.IsSuccess)
        {
            PeerRefused(ccf.CcfId, "Obtain_API_Invoker_Info", apiInvokerId, answer.Status);
            return answer.Status is 403 or 404 ? Refusal.NotFound("Security context not found", "API Invoker has no security context") : PeerClient.Unavailable(ccf);
        }

        if (!answer.TryRead<ServiceSecurity>(out var told) || ReadInformation(apiInvokerId, query.AefId, known.Context, told, answer.MaxAge) is not { } information)
            return NotUnderstood(ccf.CcfId, "Obtain_API_Invoker_Info");
        await invoker.KeepAsync(known.Negotiation, information, cancellationToken);
        // What was kept is what is told: another negotiation may have come in between.
        var after = await invoker.GetSecurityContextAsync(query, cancellationToken);
        return after.TryGet(out var now, out _) && now.NeedsPeer ? PeerClient.Unavailable(ccf) : after;
    }

    /// <inheritdoc/>
    public async Task<Outcome<AccessTokenRsp>> ObtainTokenAsync(string ccfId, string apiInvokerId, string scope, CancellationToken cancellationToken)
    {
        if (await PeerAsync(ccfId, cancellationToken) is not { } ccf)
            return Refusal.Of(ErrorKind.OAuthInvalidScope, "The AEFs of the scope are of a core function that this one is no longer interconnected with");
        // Nothing of the invoker's but its identifier: the peer authenticates us, and we authenticated the invoker.
        var form = $"grant_type=client_credentials&client_id={Uri.EscapeDataString(apiInvokerId)}&scope={Uri.EscapeDataString(scope)}";
        var request = new PeerRequest(HttpMethod.Post, $"/capif-security/v1/securities/{Uri.EscapeDataString(apiInvokerId)}/token")
        {
            Body = Encoding.ASCII.GetBytes(form),
            MediaType = "application/x-www-form-urlencoded",
        };
        var sent = await client.SendAsync(ccf, request, cancellationToken);
        if (!sent.TryGet(out var answer, out var refusal))
            return refusal;
        if (answer.IsSuccess)
        {
            return answer.TryRead<AccessTokenRsp>(out var token) && token is { AccessToken.Length: > 0, TokenType: AccessTokenType.Bearer, ExpiresIn: > 0 }
                && (token.Scope is null || token.Scope == scope)
                ? token
                : NotUnderstood(ccfId, "Obtain_Authorization");
        }

        PeerRefused(ccfId, "Obtain_Authorization", apiInvokerId, answer.Status);
        return answer.Status switch
        {
            400 => OAuthRefusal(answer.Body),
            // It knows nothing of the API invoker any more: the negotiation is to be done again.
            401 or 403 or 404 => Refusal.Of(ErrorKind.OAuthUnauthorizedClient, "The core function of the AEF has no authorization of this API invoker"),
            _ => PeerClient.Unavailable(ccf),
        };
    }

    private static Refusal OAuthRefusal(byte[] body)
    {
        var code = "";
        try
        {
            using var document = JsonDocument.Parse(body);
            code = document.RootElement.TryGetProperty("error", out var error) ? error.GetString() : "";
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // No OAuth error: then it is one of ours.
        }

        var kind = code switch
        {
            "invalid_scope" => ErrorKind.OAuthInvalidScope,
            "invalid_grant" => ErrorKind.OAuthInvalidGrant,
            "invalid_request" => ErrorKind.OAuthInvalidRequest,
            _ => ErrorKind.OAuthUnauthorizedClient,
        };
        return Refusal.Of(kind, "The core function of the AEF does not grant the token");
    }

    /// <summary>What a peer told, if it is what it was asked for: for this API invoker, this AEF and the method that was negotiated; else null.</summary>
    private PeerSecurityInformation? ReadInformation(string apiInvokerId, string aefId, ServiceSecurity negotiated, ServiceSecurity told, TimeSpan? maxAge)
    {
        var methods = negotiated.SecurityInfo.Select(one => one.SelSecurityMethod).ToHashSet();
        if (told.SecurityInfo.FirstOrDefault(one => one.AuthenticationInfo is not null && methods.Contains(one.SelSecurityMethod)) is not { } entry)
            return null;
        var age = maxAge is { } given && given < options.MaxSecurityInformationAge ? given : options.MaxSecurityInformationAge;
        var text = entry.AuthenticationInfo!;
        if (entry.SelSecurityMethod == SecurityMethod.Psk)
        {
            if (ReadKey(apiInvokerId, text) is not { } key)
                return null;
            var left = TimeSpan.FromSeconds(Math.Min(key.ValidityTime, (long)options.MaxSecurityInformationAge.TotalSeconds));
            age = left < age ? left : age;
            text = (key with { CcfId = null }).ToJson();
        }
        else if (entry.SelSecurityMethod != SecurityMethod.Pki || !AreAuthorities(text))
        {
            return null;
        }

        return age <= TimeSpan.Zero ? null : new PeerSecurityInformation { AefId = aefId, AuthenticationInfo = text, ExpiresAt = time.GetUtcNow() + age };
    }

    private static AefPskInformation? ReadKey(string apiInvokerId, string text)
    {
        try
        {
            var key = AefPskInformation.Parse(text);
            var octets = new byte[AefPsk.Length + 1];
            return key.PskIdentity == apiInvokerId && key.AefPsk is { } encoded && Convert.TryFromBase64String(encoded, octets, out var length) && length == AefPsk.Length
                ? key
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether these are certificates of authorities: an AEF would take whatever they sign.</summary>
    private static bool AreAuthorities(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count is > 0 and <= 16
                && certificates.All(one => one.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
