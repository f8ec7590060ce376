using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Silo.Options;
using Orleans.Configuration;
using Orleans.Connections.Security;
using SiloOptions = CapifOrleans.Silo.Options.SiloOptions;

namespace CapifOrleans.Silo.Hosting.Cluster;

/// <summary>
/// TLS between the processes of a cluster, each end by a certificate of the cluster's own authority, which is none that API invokers have
/// certificates of. What a process may be is in its certificate's DNS name (<see cref="RoleName"/>): only a silo is let in among silos,
/// and only to a silo does anybody connect.
/// </summary>
internal sealed class ClusterTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly X509Certificate2 _authority;
    private readonly string _silo;
    private readonly string _frontend;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private X509Certificate2 _certificate;
    private DateTime _writtenAt;

    private ClusterTls(SiloOptions options, TimeProvider time)
    {
        _certificateFile = options.ClusterCertificate!;
        _keyFile = options.ClusterCertificateKey!;
        _time = time;
        _silo = RoleName(SiloRole.Silo, options.ClusterId);
        _frontend = RoleName(SiloRole.Frontend, options.ClusterId);
        try
        {
            _authority = X509Certificate2.CreateFromPem(File.ReadAllText(options.ClusterAuthority!));
            _writtenAt = File.GetLastWriteTimeUtc(_certificateFile);
            _certificate = Read();
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartFailure(
                $"cluster-certificate: {_certificateFile}, its key or {options.ClusterAuthority} cannot be used ({fault.Message}); make them with: capif cluster certificate.", fault);
        }

        var own = options.Role == SiloRole.Frontend ? _frontend : _silo;
        if (!IsGood(_certificate, options.Role == SiloRole.Frontend ? ClientAuthentication : ServerAuthentication, own))
        {
            throw new StartFailure(
                $"cluster-certificate: {_certificateFile} is not valid for {own} by {options.ClusterAuthority}; make one with: capif cluster certificate.");
        }
    }

    /// <summary>The DNS name that a certificate has which is good for this role in this cluster.</summary>
    public static string RoleName(SiloRole role, string clusterId) => $"{(role == SiloRole.Frontend ? "frontend" : "silo")}.{clusterId}.capif.internal";

    /// <summary>As the operator set it up; null where there is none, which is for clusters on one machine.</summary>
    /// <exception cref="StartFailure">It is incomplete, cannot be used, or is wanted.</exception>
    public static ClusterTls? Of(SiloOptions options, TimeProvider time)
    {
        string?[] files = [options.ClusterCertificate, options.ClusterCertificateKey, options.ClusterAuthority];
        if (files.All(file => file is not null))
            return new ClusterTls(options, time);
        if (files.Any(file => file is not null))
            throw new StartFailure("cluster-certificate, cluster-certificate-key and cluster-authority go together; give all three.");
        if (!System.Net.IPAddress.IsLoopback(options.SiloAddress))
        {
            throw new StartFailure(
                $"cluster-certificate: is not given, and silo-address {options.SiloAddress} is no loopback address; make certificates with: capif cluster certificate.");
        }

        return null;
    }

    /// <summary>Secures a silo's connections: from and to silos, and from frontends.</summary>
    public void Apply(SiloConnectionOptions connections)
    {
        connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(Server(_silo)));
        connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(Server(_frontend, _silo)));
        connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(Client()));
    }

    /// <summary>Secures a frontend's connections to silos.</summary>
    public void Apply(ClientConnectionOptions connections) => connections.ConfigureConnection(connection => connection.UseClientTls(Client()));

    private TlsOptions Server(params string[] allowed) => new()
    {
        LocalServerCertificateSelector = (_, _) => Certificate(),
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, _, _) => IsGood(certificate, ClientAuthentication, allowed),
    };

    private TlsOptions Client() => new()
    {
        LocalClientCertificateSelector = (_, _, _, _, _) => Certificate(),
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, _, _) => IsGood(certificate, ServerAuthentication, _silo),
        OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = _silo,
    };

    private bool IsGood(X509Certificate2 certificate, string purpose, params string[] allowed)
    {
        using var chain = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _authority },
                ApplicationPolicy = { new Oid(purpose) },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = _time.GetUtcNow().UtcDateTime,
            },
        };
        return chain.Build(certificate)
            && certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SingleOrDefault() is { } names
            && names.EnumerateDnsNames().Any(name => allowed.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The certificate, read anew where its file was replaced: connections made from then on have the new one.</summary>
    private X509Certificate2 Certificate()
    {
        lock (_lock)
        {
            var writtenAt = File.GetLastWriteTimeUtc(_certificateFile);
            if (writtenAt == _writtenAt)
                return _certificate;
            try
            {
                _certificate = Read();
                _writtenAt = writtenAt;
            }
            catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // Half replaced: the next connection looks again.
            }

            return _certificate;
        }
    }

    private X509Certificate2 Read() => X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile);
}
