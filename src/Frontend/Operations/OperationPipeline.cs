using CapifOrleans.Enrolment;
using CapifOrleans.Frontend.Connections;
using CapifOrleans.Frontend.Problems;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Operations;

/// <summary>What every operation does before its endpoint: authenticate, compare role and owner with its row, and leave the audit line after it.</summary>
internal sealed class OperationPipeline(Operation operation, OperationHandler handler, AuditLog audit, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        RepeatableRequest.Begin(http.Request.Method);
        CallerIdentity? caller = null;
        EnrolmentUser? user = null;
        Refusal? refusal = null;
        var connection = http.Features.Get<ConnectionCaller>();
        switch (operation.Authentication)
        {
            case CallerAuthentication.ClientCertificate:
                (caller, refusal) = await IdentifyAsync(connection);
                refusal ??= Authorize(caller!, http.Request);
                break;
            case CallerAuthentication.EnrolmentCredential:
                (user, refusal) = await VerifyCredentialAsync(http);
                if (refusal is not null)
                    http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
                break;
            default:
                break;
        }

        if (refusal is not null)
            await ProblemWriter.RefuseAsync(http, refusal);
        else
            await handler(new OperationContext(http, caller, user));

        if (refusal is not null)
            audit.Refused(operation, http, caller, user, refusal);
        else if (operation.IsSecurityDecision)
            audit.Answered(operation, http, caller, user);
    }

    private async ValueTask<(CallerIdentity? Caller, Refusal? Refusal)> IdentifyAsync(ConnectionCaller? connection)
    {
        if (connection is null)
            return (null, ConnectionCaller.NoCertificate);
        var outcome = await connection.IdentifyAsync();
        if (!outcome.TryGet(out var caller, out var refusal))
            return (null, refusal);
        return caller.CertificateExpiresAt <= time.GetUtcNow() ? (caller, ConnectionCaller.Expired) : (caller, null);
    }

    private Refusal? Authorize(CallerIdentity caller, HttpRequest request)
    {
        if (!operation.Roles.Contains(caller.Role))
        {
            return Refusal.Of(
                operation.WrongRole,
                $"{operation.Name} is for {string.Join(", ", operation.Roles.Select(RoleName))}; the client certificate is of an {RoleName(caller.Role)}.",
                "UNAUTHORIZED_ROLE");
        }

        return caller.Role == CallerRole.Superadmin || operation.Owner.IsOwner(caller, request)
            ? null
            : Refusal.Of(operation.Stranger, "There is no such resource for this caller.", "RESOURCE_NOT_FOUND");
    }

    private static async Task<(EnrolmentUser? User, Refusal? Refusal)> VerifyCredentialAsync(HttpContext http)
    {
        var header = http.Request.Headers[HeaderNames.Authorization];
        const string Scheme = "Bearer ";
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Refusal.Of(
                ErrorKind.Unauthenticated,
                "The enrolment credential is missing: it goes into the Authorization header as a Bearer token.",
                "CREDENTIAL_MISSING"));
        }

        var credential = new EnrolmentCredential { Text = text[Scheme.Length..].Trim() };
        var outcome = await http.RequestServices.GetRequiredService<IClusterClient>()
            .GetGrain<IEnrolmentCredentialGrain>(0)
            .VerifyAsync(credential, CredentialPurpose.Enrolment, http.RequestAborted);
        return outcome.TryGet(out var user, out var refusal) ? (user, null) : (null, refusal);
    }

    private static string RoleName(CallerRole role) => role switch
    {
        CallerRole.ApiInvoker => "API invoker",
        CallerRole.Superadmin => "administrator",
        _ => role.ToString().ToUpperInvariant(),
    };
}
