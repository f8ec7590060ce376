using System.Security.Cryptography.X509Certificates;
using System.Text;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Aef.Security;
using CapifOrleans.Publish;
using CapifOrleans.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace CapifOrleans.Aef.Hosting;

/// <summary>Gives each connection, right after its handshake, what the handshake proved.</summary>
internal sealed class ConnectionStart(InvokerSecurityCache security, InvokerConnections registry)
{
    /// <summary>The connection's middleware.</summary>
    public ConnectionDelegate Begin(ConnectionDelegate next) => async connection =>
    {
        var state = Read(connection);
        connection.Features.Set(state);
        // Whose key it came by is known already: a revocation finds it before its first request.
        if (state.PskIdentity is { } identity && !state.TryBind(SecurityMethod.Psk, identity))
            return;
        try
        {
            await next(connection);
        }
        finally
        {
            state.Closed();
        }
    };

    private InvokerConnection Read(ConnectionContext connection)
    {
        var identity = connection.Features.Get<ITlsSessionFeature>()?.PskIdentity ?? default;
        if (!identity.IsEmpty)
        {
            var name = Encoding.UTF8.GetString(identity.Span);
            return new InvokerConnection(connection, registry) { PskIdentity = name, PskKey = security.Peek(name)?.Psk };
        }

        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        return new InvokerConnection(connection, registry)
        {
            Certificate = certificate,
            Issuers = connection.Features.Get<PresentedChain>()?.Certificates ?? [],
            CertificateName = certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
        };
    }
}
