using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Pki;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Frontend.Connections;

/// <summary>Finds out whose a connection's certificate is: each listener has its own rules.</summary>
internal interface ICallerResolver
{
    /// <summary>The holder of the connection's certificate.</summary>
    Task<Outcome<CallerIdentity>> ResolveAsync(ConnectionCaller connection);
}

/// <summary>Asks the grain that owns a certificate's record who its holder is. The certificate says only which grain to ask.</summary>
internal sealed class CallerResolver(IClusterClient grains) : ICallerResolver
{
    private static readonly Refusal NotOnRecord = Refusal.Of(
        ErrorKind.Unauthenticated,
        "The client certificate is not on record: it was revoked or replaced, or its holder is no longer registered.",
        "CLIENT_CERTIFICATE_REVOKED");

    /// <inheritdoc/>
    public async Task<Outcome<CallerIdentity>> ResolveAsync(ConnectionCaller connection)
    {
        if (connection.Certificate is not { } certificate)
            return ConnectionCaller.NoCertificate;
        if (Refuse(connection.Verdict) is { } refusal)
            return refusal;
        var presented = new PresentedCertificate
        {
            SerialNumber = certificate.SerialNumber,
            Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256),
        };
        if (await grains.GetGrain<ICertificateRevocationGrain>(presented.SerialNumber[..2]).IsRevokedAsync(presented.SerialNumber, default))
            return NotOnRecord;
        return await IdentifyAsync(connection, certificate, presented) is { } caller ? caller : NotOnRecord;
    }

    private async Task<CallerIdentity?> IdentifyAsync(ConnectionCaller connection, X509Certificate2 certificate, PresentedCertificate presented)
    {
        switch (CertificateSubject.Read(certificate))
        {
            case { Kind: SubjectKind.ApiInvoker, Id: var id }:
                connection.RegisterAs(id);
                return await grains.GetGrain<IApiInvokerGrain>(id).IdentifyAsync(presented, default);
            case { Kind: SubjectKind.ApiProviderFunction, Id: var id }:
                connection.RegisterAs(id);
                return await grains.GetGrain<IProviderFunctionGrain>(id).IdentifyAsync(presented, default);
            case { Kind: SubjectKind.Superadmin, Id: var id }:
                connection.RegisterAs(id);
                return await grains.GetGrain<ICertificateAuthorityGrain>("issuing").IdentifyAsync(presented, default);
            default:
                return await IdentifyThirdPartyAsync(connection, certificate, presented);
        }
    }

    /// <summary>A third party's certificate (33.122 6.1 NOTE 2) names no identifier of ours: its public key leads to the API invoker.</summary>
    private async Task<CallerIdentity?> IdentifyThirdPartyAsync(
        ConnectionCaller connection, X509Certificate2 certificate, PresentedCertificate presented)
    {
        var key = Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        if (await grains.GetGrain<IPublicKeyReservationGrain>(key).GetOwnerAsync(default) is not { IsApiInvoker: true } owner)
            return null;
        connection.RegisterAs(owner.Id);
        return await grains.GetGrain<IApiInvokerGrain>(owner.Id).IdentifyAsync(presented, default);
    }

    private static Refusal? Refuse(ClientCertificateVerdict verdict) => verdict switch
    {
        ClientCertificateVerdict.Valid => null,
        ClientCertificateVerdict.None => ConnectionCaller.NoCertificate,
        ClientCertificateVerdict.Expired => ConnectionCaller.Expired,
        ClientCertificateVerdict.NotYetValid => Invalid("The client certificate is not valid yet.", "CLIENT_CERTIFICATE_NOT_YET_VALID"),
        ClientCertificateVerdict.WrongPurpose => Invalid("The certificate is not for TLS clients.", "CLIENT_CERTIFICATE_WRONG_PURPOSE"),
        _ => Invalid("The client certificate's issuer is not trusted here.", "CLIENT_CERTIFICATE_UNTRUSTED"),
    };

    private static Refusal Invalid(string detail, string cause) => Refusal.Of(ErrorKind.Unauthenticated, detail, cause);
}
