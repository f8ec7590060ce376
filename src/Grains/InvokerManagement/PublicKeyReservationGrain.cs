using CapifOrleans.Grains.Storage;
using CapifOrleans.InvokerManagement;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>What a reservation stores.</summary>
internal sealed class PublicKeyReservationState
{
    /// <summary>Who holds the key.</summary>
    public KeyOwner? Owner { get; set; }
}

/// <inheritdoc/>
[GrainType("public-key-reservation")]
internal sealed class PublicKeyReservationGrain(
    [PersistentState("reservation", GrainStorage.Name)] IPersistentState<PublicKeyReservationState> state) : Grain, IPublicKeyReservationGrain
{
    // The words are those that OpenCAPIF's clients compare; the standard has none.
    private static readonly Refusal InvokerRegistered =
        Refusal.Of(ErrorKind.AlreadyExists, "Invoker already registered", "Identical invoker public key");

    private static readonly Refusal ProviderRegistered =
        Refusal.Of(ErrorKind.AlreadyExists, "Provider already registered", "Identical provider reg sec");

    /// <inheritdoc/>
    public async Task<Outcome> ReserveAsync(KeyOwner owner, CancellationToken cancellationToken)
    {
        if (state.State.Owner is { } holder)
        {
            if (holder == owner)
                return Outcome.Done;
            // An onboarding that was interrupted left an owner that does not exist: the key is as good as free.
            if (await ExistsAsync(holder, cancellationToken))
                return owner.IsApiInvoker ? InvokerRegistered : ProviderRegistered;
        }

        state.State.Owner = owner;
        await WriteAsync();
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(KeyOwner owner, CancellationToken cancellationToken)
    {
        if (state.State.Owner == owner)
            await state.ClearStateAsync();
    }

    /// <inheritdoc/>
    public Task<KeyOwner?> GetOwnerAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Owner);

    private async Task<bool> ExistsAsync(KeyOwner owner, CancellationToken cancellationToken) => owner.IsApiInvoker
        ? await GrainFactory.GetGrain<IApiInvokerGrain>(owner.Id).HoldsPublicKeyAsync(cancellationToken)
        : await GrainFactory.GetGrain<IProviderFunctionGrain>(owner.Id).GetAsync(cancellationToken) is not null;

    /// <summary>Writes the state. Where that fails the activation ends: memory must not know more than the disk.</summary>
    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
