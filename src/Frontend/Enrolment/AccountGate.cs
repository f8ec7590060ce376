using CapifOrleans.Enrolment;
using CapifOrleans.Frontend.Problems;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>Lets users in: by name and password for a credential, or by the credential for account administration. It answers refusals.</summary>
internal sealed class AccountGate(IClusterClient grains, AddressLimiter addresses, EnrolmentAudit audit)
{
    private const string BasicChallenge = "Basic realm=\"enrolment\", charset=\"UTF-8\"";

    private static readonly Refusal NoPassword = Refusal.Of(
        ErrorKind.Unauthenticated, "User name and password are missing: they go into the Authorization header (Basic, RFC 7617).", "CREDENTIAL_MISSING");

    private static readonly Refusal NoCredential = Refusal.Of(
        ErrorKind.Unauthenticated, "The credential of POST /login is missing: it goes into the Authorization header (Bearer).", "CREDENTIAL_MISSING");

    private static readonly Refusal TooManyFailures = Refusal.Of(
        ErrorKind.TooMany, "Too many failed log-ins from this address; try again in some minutes.", "TOO_MANY_LOG_INS");

    private IEnrolmentCredentialGrain Credentials => grains.GetGrain<IEnrolmentCredentialGrain>(0);

    /// <summary>Issues a credential to the user of the request; null when it was refused and answered.</summary>
    public async Task<IssuedCredential?> LogInAsync(HttpContext http, string operation, CredentialPurpose purpose)
    {
        var address = http.Connection.RemoteIpAddress;
        if (!BasicCredentials.TryRead(http.Request, out var basic))
        {
            http.Response.Headers[HeaderNames.WWWAuthenticate] = BasicChallenge;
            return await RefuseAsync<IssuedCredential>(http, operation, null, NoPassword);
        }

        if (!addresses.TryBegin(address))
            return await RefuseAsync<IssuedCredential>(http, operation, basic.UserName, TooManyFailures);
        // Not the client's to cancel: an attempt that was begun counts.
        var outcome = await Credentials.LogInAsync(basic.UserName, basic.Password, purpose, CancellationToken.None);
        if (outcome.Refusal is not { Kind: ErrorKind.Unauthenticated })
            addresses.TakeBack(address);
        if (outcome.TryGet(out var issued, out var refusal))
        {
            audit.Answered(operation, http, basic.UserName);
            return issued;
        }

        if (refusal.Kind == ErrorKind.Unauthenticated)
            http.Response.Headers[HeaderNames.WWWAuthenticate] = BasicChallenge;
        return await RefuseAsync<IssuedCredential>(http, operation, basic.UserName, refusal);
    }

    /// <summary>The administrator whose credential the request bears; null when it was refused and answered.</summary>
    public async Task<EnrolmentUser?> AdministratorAsync(HttpContext http, string operation)
    {
        const string Scheme = "Bearer ";
        var header = http.Request.Headers[HeaderNames.Authorization];
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"enrolment\"";
            return await RefuseAsync<EnrolmentUser>(http, operation, null, NoCredential);
        }

        var credential = new EnrolmentCredential { Text = text[Scheme.Length..].Trim() };
        var outcome = await Credentials.VerifyAsync(credential, CredentialPurpose.AccountAdministration, http.RequestAborted);
        if (outcome.TryGet(out var user, out var refusal))
            return user;
        http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"enrolment\", error=\"invalid_token\"";
        return await RefuseAsync<EnrolmentUser>(http, operation, null, refusal);
    }

    private async Task<T?> RefuseAsync<T>(HttpContext http, string operation, string? userName, Refusal refusal)
        where T : class
    {
        await ProblemWriter.RefuseAsync(http, refusal);
        audit.Refused(operation, http, userName, refusal);
        return null;
    }
}
