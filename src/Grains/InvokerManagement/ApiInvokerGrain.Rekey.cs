using CapifOrleans.Connections;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Pki;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// Another key for an API invoker, where the compatibility profile allows one in an update: the serial number and the reservation come first, one
/// write makes it so, and the certificate that it had is revoked afterwards, over restarts if need be.
/// </summary>
internal sealed partial class ApiInvokerGrain
{
    private bool HasUnsettledKeys => _state.State.IncomingCertificate is not null || _state.State.ReplacedCertificates.Count > 0;

    /// <summary>The intent: serial number on record, key reserved; a refusal where another party has the key.</summary>
    private async Task<Refusal?> TakeKeyAsync(SubjectPublicKey key, CancellationToken cancellationToken)
    {
        // One that failed before this may have left a key reserved.
        await SettleKeysAsync(cancellationToken);
        await this.RegisterOrUpdateReminder(PendingEvents.Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        _state.State.IncomingCertificate = new CertificateRecord { SerialNumber = SerialNumber.NewRandom(), PublicKeySha256 = key.Sha256Hex };
        await WriteAsync();
        var owner = new KeyOwner { Id = ApiInvokerId, IsApiInvoker = true };
        if ((await GrainFactory.GetGrain<IPublicKeyReservationGrain>(key.Sha256Hex).ReserveAsync(owner, cancellationToken)).Refusal is not { } taken)
            return null;
        _state.State.IncomingCertificate = null;
        await WriteAsync();
        return taken;
    }

    /// <summary>Signs the certificate of a key that was taken.</summary>
    private IssuedCertificate Certify(SubjectPublicKey key) =>
        _issuer.Issue(CertificateKind.ApiInvoker, ApiInvokerId, key, _state.State.IncomingCertificate!.SerialNumber);

    /// <summary>Puts it in the place of the one before; the caller writes.</summary>
    private void ReplaceCertificate(SubjectPublicKey key, IssuedCertificate issued)
    {
        var state = _state.State;
        state.ReplacedCertificates.Add(state.Certificate!);
        state.Certificate = new CertificateRecord
        {
            SerialNumber = state.IncomingCertificate!.SerialNumber,
            PublicKeySha256 = key.Sha256Hex,
            Thumbprint = issued.Thumbprint,
            ExpiresAt = issued.ExpiresAt,
        };
        state.IncomingCertificate = null;
    }

    /// <summary>Takes back what was not committed, and revokes what was replaced. Idempotent; what fails is tried again by the reminder.</summary>
    private async Task SettleKeysAsync(CancellationToken cancellationToken)
    {
        if (!HasUnsettledKeys)
            return;
        try
        {
            await TakeKeysApartAsync(cancellationToken);
        }
#pragma warning disable CA1031 // What was asked for is on the disk, or was never answered.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            KeysDelayed(ApiInvokerId, fault);
        }
    }

    private async Task TakeKeysApartAsync(CancellationToken cancellationToken)
    {
        if (_state.State.IncomingCertificate is { } incoming && incoming.PublicKeySha256 != _state.State.Certificate?.PublicKeySha256)
            await ReleaseKeyAsync(incoming, cancellationToken);
        foreach (var replaced in _state.State.ReplacedCertificates)
        {
            if (!replaced.IsThirdParty)
            {
                await GrainFactory.GetGrain<ICertificateRevocationGrain>(replaced.SerialNumber[..2]).RevokeAsync(
                    new RevokedCertificate { SerialNumber = replaced.SerialNumber, RevokedAt = _time.GetUtcNow(), ExpiresAt = replaced.ExpiresAt },
                    cancellationToken);
            }

            if (replaced.PublicKeySha256 != _state.State.Certificate?.PublicKeySha256)
                await ReleaseKeyAsync(replaced, cancellationToken);
        }

        if (_state.State.ReplacedCertificates.Count > 0)
            await GrainFactory.GetGrain<IFrontendDirectoryGrain>("frontends").CloseConnectionsAsync(ApiInvokerId, cancellationToken);
        _state.State.IncomingCertificate = null;
        _state.State.ReplacedCertificates = [];
        await WriteAsync();
    }

    [LoggerMessage(5, LogLevel.Warning, "A certificate of API invoker {ApiInvokerId} that was replaced could not be revoked yet")]
    private partial void KeysDelayed(string apiInvokerId, Exception fault);

    private Task ReleaseKeyAsync(CertificateRecord certificate, CancellationToken cancellationToken) => GrainFactory
        .GetGrain<IPublicKeyReservationGrain>(certificate.PublicKeySha256)
        .ReleaseAsync(new KeyOwner { Id = ApiInvokerId, IsApiInvoker = true }, cancellationToken);
}
