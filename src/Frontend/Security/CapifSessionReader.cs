using System.Security.Authentication;
using CapifOrleans.Publish;
using CapifOrleans.Security;
using CapifOrleans.Tls;

namespace CapifOrleans.Frontend.Security;

/// <summary>The CAPIF-1e session of a request's connection, where its TLS shows it (33.122 Annex A).</summary>
internal static class CapifSessionReader
{
    /// <summary>
    /// The session, if the invoker would have method PSK; null where it would not, or where nothing fit to derive a key from can be seen:
    /// .NET's TLS, or TLS 1.2 without the extended master secret (RFC 7627), whose secret two sessions could share.
    /// </summary>
    public static CapifSession? Read(HttpContext http, ServiceSecurity wanted)
    {
        if (!wanted.SecurityInfo.Any(entry => entry.PrefSecurityMethods.Contains(SecurityMethod.Psk))
            || http.Features.Get<ITlsSessionFeature>() is not { IsExtendedMasterSecret: true } session)
        {
            return null;
        }

        if (session.ProtocolVersion == SslProtocols.Tls12)
            return Of(session.SessionId.Span, session.MasterSecret.Span);
        var exported = session.Export(AefPsk.ExporterLabel, AefPsk.ExporterLength);
        return Of(exported.AsSpan(0, AefPsk.SessionIdLength), exported.AsSpan(AefPsk.SessionIdLength));
    }

    private static CapifSession? Of(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> masterSecret) =>
        sessionId.Length == AefPsk.SessionIdLength && masterSecret.Length == AefPsk.MasterSecretLength
            ? new CapifSession { SessionId = [.. sessionId], MasterSecret = [.. masterSecret] }
            : null;
}
