using System.Globalization;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Pki;

namespace CapifOrleans.Grains.Pki;

/// <summary>What the certification authority stores.</summary>
internal sealed class CertificateAuthorityState
{
    /// <summary>The number of the last revocation list.</summary>
    public long CrlNumber { get; set; }

    /// <summary>The certificates that the operator issued by hand, by serial number.</summary>
    public Dictionary<string, OperatorCertificate> OperatorCertificates { get; set; } = [];
}

/// <inheritdoc/>
[GrainType("certificate-authority"), Reentrant]
internal sealed class CertificateAuthorityGrain(
    [PersistentState("authority", GrainStorage.Name)] IPersistentState<CertificateAuthorityState> state,
    ICertificateIssuer issuer, PkiOptions options, TimeProvider time)
    : Grain, ICertificateAuthorityGrain, IDisposable
{
    // Reentrant, so that a shard can say that it changed while the list is collected from the shards; the writes are serialized by hand.
    private readonly SemaphoreSlim _oneList = new(1);
    private ImmutableArray<byte> _list = [];
    private DateTimeOffset _renewAt;
    private long _changes = 1;
    private long _changesInList;

    /// <inheritdoc/>
    public async Task<ImmutableArray<byte>> GetCrlAsync(CancellationToken cancellationToken)
    {
        await _oneList.WaitAsync(cancellationToken);
        try
        {
            if (_changesInList != _changes || time.GetUtcNow() >= _renewAt)
                await MakeListAsync(cancellationToken);
            return _list;
        }
        finally
        {
            _oneList.Release();
        }
    }

    /// <inheritdoc/>
    public Task RevocationsChangedAsync(CancellationToken cancellationToken)
    {
        _changes++;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task RecordOperatorCertificateAsync(OperatorCertificate certificate, CancellationToken cancellationToken)
    {
        await _oneList.WaitAsync(cancellationToken);
        try
        {
            state.State.OperatorCertificates[certificate.SerialNumber] = certificate;
            await state.WriteStateAsync();
        }
        finally
        {
            _oneList.Release();
        }
    }

    /// <inheritdoc/>
    public Task<CallerIdentity?> IdentifyAsync(PresentedCertificate certificate, CancellationToken cancellationToken)
    {
        // By serial number: the certificate itself is signed after the record was made. Our chain vouches for the rest.
        CallerIdentity? found = state.State.OperatorCertificates.TryGetValue(certificate.SerialNumber, out var known)
            ? new CallerIdentity { Role = known.Role, Id = known.CommonName, CertificateExpiresAt = known.ExpiresAt }
            : null;
        return Task.FromResult(found);
    }

    /// <inheritdoc/>
    public void Dispose() => _oneList.Dispose();

    private async Task MakeListAsync(CancellationToken cancellationToken)
    {
        var changes = _changes;
        var shards = Enumerable.Range(0, 256).Select(octet => GrainFactory
            .GetGrain<ICertificateRevocationGrain>(octet.ToString("X2", CultureInfo.InvariantCulture)).GetRevokedAsync(cancellationToken));
        var revoked = await Task.WhenAll(shards);
        // The number goes to the disk before the list leaves: no two lists have one number (RFC 5280 5.2.3).
        state.State.CrlNumber++;
        await state.WriteStateAsync();
        var now = time.GetUtcNow();
        _list = [.. issuer.SignRevocationList(
            revoked.SelectMany(shard => shard).Select(one => (one.SerialNumber, one.RevokedAt)), state.State.CrlNumber, now + options.RevocationListValidity)];
        _renewAt = now + (options.RevocationListValidity / 2);
        _changesInList = changes;
    }
}
