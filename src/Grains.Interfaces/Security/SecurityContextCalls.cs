using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Security;

/// <summary>Negotiation over a connection whose session cannot be seen: method PSK is not to be had (33.122 Annex A).</summary>
public static class SecurityContextCalls
{
    /// <summary>Creates a security context without method PSK.</summary>
    public static Task<Outcome<ServiceSecurity>> CreateSecurityContextAsync(
        this IApiInvokerGrain invoker, ServiceSecurity context, CancellationToken cancellationToken) =>
        invoker.CreateSecurityContextAsync(context, null, cancellationToken);

    /// <summary>Negotiates anew without method PSK.</summary>
    public static Task<Outcome<ServiceSecurity>> UpdateSecurityContextAsync(
        this IApiInvokerGrain invoker, ServiceSecurity context, CancellationToken cancellationToken) =>
        invoker.UpdateSecurityContextAsync(context, null, cancellationToken);
}
