using System.Net;
using CapifOrleans.Tls;

namespace CapifOrleans.Client;

/// <summary>Negotiates security methods (TS 33.122 6.3.1.2, 29.222 5.6.2.2) on a CAPIF-1e connection whose TLS session is seen, where PSK may be chosen.</summary>
internal sealed class Negotiation(ApiInvokerOptions options, InvokerIdentity identity, CoreConnection core)
{
    private const string What = "The negotiation of the security method";
    private bool _exists;

    /// <summary>The methods that can be used on this machine.</summary>
    private IReadOnlyList<SecurityMethod> Usable => options.HasOpenSsl
        ? options.PreferredMethods
        : [.. options.PreferredMethods.Where(one => one != SecurityMethod.Psk)];

    /// <summary>Negotiates for these AEFs; what is not among them is no longer part of the security context. An AEF without a method in common is left out.</summary>
    public async Task<IReadOnlyList<AefAccess>> RunAsync(IReadOnlyCollection<string> aefIds, CancellationToken cancellationToken)
    {
        var methods = Usable;
        if (methods.Count == 0)
            throw new CapifException(OpenSslLibrary.Unavailable ?? "There is no security method in PreferredMethods.");
        if (!methods.Contains(SecurityMethod.Psk))
            return Read(await AskAsync(core, aefIds, methods, cancellationToken), options.Time.GetUtcNow(), null);
        var began = options.Time.GetUtcNow();
        CapifSession? session = null;
        // A connection of its own: the session that counts is that of the connection on which the request goes.
        var tls = Tls(seen => Keep(ref session, seen));
        try
        {
            using var connection = new CoreConnection(identity.Core, OpenSslHttp.CreateHandler(tls), options.Timeout);
            var answer = await AskAsync(connection, aefIds, methods, cancellationToken);
            if (session is not null || answer.SecurityInfo.All(entry => entry.Selected != SecurityMethod.Psk))
                return Read(answer, began, session);
        }
        finally
        {
            session?.Dispose();
            tls.Release();
        }

        // The server's session is none that a key can be derived from.
        return Read(await AskAsync(core, aefIds, [.. methods.Where(one => one != SecurityMethod.Psk)], cancellationToken), began, null);
    }

    private static void Keep(ref CapifSession? session, ITlsSessionFeature seen)
    {
        // HttpClient may have lost a connection and made another: the request went on the last one.
        session?.Dispose();
        session = CapifSession.Read(seen);
    }

    private OpenSslClientOptions Tls(Action<ITlsSessionFeature> connected) => new()
    {
        TargetHost = identity.Core.IdnHost.Trim('[', ']'),
        TrustedRoots = identity.Roots,
        Certificate = identity.Certificate,
        Chain = identity.Chain,
        Protocols = options.PskNegotiationProtocols,
        Connected = connected,
    };

    /// <summary>
    /// PUT makes the security context, POST …/update negotiates anew; whichever is not the right one is answered by an error, then the other
    /// is tried: after a restart nobody knows, and a core function may have lost it by a revocation.
    /// </summary>
    private async Task<ServiceSecurity> AskAsync(
        CoreConnection connection, IReadOnlyCollection<string> aefIds, IReadOnlyList<SecurityMethod> methods, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(connection, _exists, aefIds, methods, cancellationToken);
        }
        catch (CapifException refused) when (_exists
            ? refused.StatusCode == HttpStatusCode.NotFound
            : refused.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.MethodNotAllowed)
        {
            return await AskAsync(connection, !_exists, aefIds, methods, cancellationToken);
        }
    }

    private async Task<ServiceSecurity> AskAsync(
        CoreConnection connection, bool update, IReadOnlyCollection<string> aefIds, IReadOnlyList<SecurityMethod> methods, CancellationToken cancellationToken)
    {
        var request = new ServiceSecurity
        {
            SecurityInfo = [.. aefIds.Select(aefId => new SecurityInformation { AefId = aefId, PrefSecurityMethods = methods })],
            NotificationDestination = options.NotificationDestination.ToString(),
            SupportedFeatures = "0",
        };
        var path = $"capif-security/v1/trustedInvokers/{Uri.EscapeDataString(identity.ApiInvokerId!)}";
        var answer = await connection.SendAsync(
            What, update ? HttpMethod.Post : HttpMethod.Put, update ? path + "/update" : path, JsonBody.Of(request, ClientJson.Default.ServiceSecurity),
            ClientJson.Default.ServiceSecurity, cancellationToken);
        _exists = true;
        return answer.Required(What);
    }

    private List<AefAccess> Read(ServiceSecurity answer, DateTimeOffset began, CapifSession? session)
    {
        var made = new List<AefAccess>();
        foreach (var entry in answer.SecurityInfo)
        {
            if (entry is not { AefId: { } aefId, Selected: { } method } || (method == SecurityMethod.Psk && session is null))
                continue;
            // 33.122 6.5.2.1 step 1: the timer runs at the core function since it answered; from the request is the safe side.
            var information = method == SecurityMethod.Psk ? AefPskInformation.Read(entry.AuthenticationInfo) : new AefPskInformation();
            made.Add(new AefAccess(options, identity, core, aefId, method)
            {
                Key = method == SecurityMethod.Psk ? session!.Derive(aefId) : null,
                PskIdentity = information.PskIdentity ?? identity.ApiInvokerId!,
                Validity = information.ValidityTime is { } seconds ? Validity.Of(began, TimeSpan.FromSeconds(seconds)) : Validity.Unknown,
            });
        }

        return made;
    }
}
