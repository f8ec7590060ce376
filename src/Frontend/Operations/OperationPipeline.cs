using CapifOrleans.Compatibility;
using CapifOrleans.Enrolment;
using CapifOrleans.Frontend.Connections;
using CapifOrleans.Frontend.Problems;
using CapifOrleans.InvokerManagement;
using CapifOrleans.ProviderManagement;
using Microsoft.Net.Http.Headers;

namespace CapifOrleans.Frontend.Operations;

/// <summary>What every operation does before its endpoint: authenticate, compare role and owner with its row, and leave the audit line after it.</summary>
internal sealed class OperationPipeline(
    Operation operation, OperationHandler handler, CompatibilityProfile profile, AuditLog audit, TimeProvider time)
{
    private readonly OperationDialect? _dialect = profile.Operations.GetValueOrDefault(operation.Name);

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
                if (refusal is null && IsActing(caller!))
                    (caller, refusal) = await ActForAsync(caller!, http);
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
        if (!operation.Roles.Contains(caller.Role) && _dialect?.MoreRoles.Contains(caller.Role) != true)
        {
            return _dialect?.WrongRole ?? Refusal.Of(
                ErrorKind.Forbidden,
                $"{operation.Name} is for {string.Join(", ", operation.Roles.Select(RoleName))}; the client certificate is of an {RoleName(caller.Role)}.",
                "UNAUTHORIZED_ROLE");
        }

        return caller.Role == CallerRole.Superadmin || operation.Owner.IsOwner(caller, request) ? null : Stranger(request);
    }

    private Refusal Stranger(HttpRequest request)
    {
        var refusal = operation.StrangerOf?.Invoke(request) ?? operation.Stranger;
        return _dialect?.Stranger is { } kind ? refusal with { Kind = kind } : refusal;
    }

    private bool IsActing(CallerIdentity caller) => caller.Role == CallerRole.Superadmin && !operation.Roles.Contains(caller.Role);

    /// <summary>
    /// The operator's administrator takes the part of the function or API invoker that the request names, where a profile lets it call what is
    /// theirs; the audit line names that one, and the answer is what it would get.
    /// </summary>
    private async Task<(CallerIdentity Caller, Refusal? Refusal)> ActForAsync(CallerIdentity caller, HttpContext http)
    {
        var named = _dialect!.ActsForQuery is { } query ? (string?)http.Request.Query[query] : operation.Owner.Named(http.Request);
        if (named is null)
            return (caller, null);
        var grains = http.RequestServices.GetRequiredService<IClusterClient>();
        // Where a parameter names it, it is for its domain that the operation is done, whatever the function's role.
        if (await grains.GetGrain<IProviderFunctionGrain>(named).GetAsync(http.RequestAborted) is { } function
            && (_dialect.ActsForQuery is not null || operation.Roles.Contains(function.Role)))
        {
            return (caller with { Role = function.Role, Id = named, ApiProvDomId = function.ApiProvDomId }, null);
        }

        return operation.Roles.Contains(CallerRole.ApiInvoker) && await grains.GetGrain<IApiInvokerGrain>(named).IsOnboardedAsync(http.RequestAborted)
            ? (caller with { Role = CallerRole.ApiInvoker, Id = named }, null)
            : (caller, Stranger(http.Request));
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
