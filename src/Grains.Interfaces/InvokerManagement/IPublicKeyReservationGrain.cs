using Orleans.Concurrency;

namespace CapifOrleans.InvokerManagement;

/// <summary>
/// Makes sure that one public key belongs to one party. The key is the SHA-256 of the SubjectPublicKeyInfo in hexadecimal, so that a
/// third party's certificate leads to its owner as well.
/// </summary>
[Alias("capif.IPublicKeyReservationGrain")]
public interface IPublicKeyReservationGrain : IGrainWithStringKey
{
    /// <summary>Reserves the key for an owner. Refused while another owner that exists holds it; again by the same owner is done.</summary>
    [Alias("Reserve")]
    Task<Outcome> ReserveAsync(KeyOwner owner, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the key free, if this owner holds it. Interleaves: a reservation under way asks the owner whether it exists, while the owner,
    /// in its offboarding, is waiting for this.
    /// </summary>
    [Alias("Release"), AlwaysInterleave]
    Task ReleaseAsync(KeyOwner owner, CancellationToken cancellationToken);

    /// <summary>Who holds the key; null when nobody does.</summary>
    [Alias("GetOwner")]
    Task<KeyOwner?> GetOwnerAsync(CancellationToken cancellationToken);
}

/// <summary>The owner of a public key.</summary>
[GenerateSerializer, Immutable, Alias("capif.KeyOwner")]
public sealed record KeyOwner
{
    /// <summary>apiInvokerId or API provider function id.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>True for an API invoker, false for an API provider function.</summary>
    [Id(1)]
    public required bool IsApiInvoker { get; init; }
}
