using CapifOrleans.Connections;
using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Pki;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>What leaves a domain, functions and replaced certificates, is taken apart: idempotent steps, repeated until done.</summary>
internal sealed partial class ApiProviderDomainGrain
{
    private const string Procedure = "deregistration";
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => TakeApartAsync(CancellationToken.None);

    private Task<IGrainReminder> RemindAsync() => this.RegisterOrUpdateReminder(Procedure, Retry, Retry);

    private void TakeApartSoon() => this.RegisterGrainTimer(TakeApartAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    /// <summary>Service APIs and certificates: from here on nothing of what leaves is discoverable or accepted.</summary>
    private async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        foreach (var function in state.State.Leaving)
        {
            if (function is { Role: CallerRole.Apf, OnlyCertificate: false })
                await GrainFactory.GetGrain<IServicePublisherGrain>(function.Id).UnpublishAllAsync(cancellationToken);
            if (!function.OnlyCertificate)
                await GrainFactory.GetGrain<IProviderFunctionGrain>(function.Id).RemoveAsync(cancellationToken);
            await GrainFactory.GetGrain<ICertificateRevocationGrain>(function.Certificate.SerialNumber[..2]).RevokeAsync(
                new RevokedCertificate
                {
                    SerialNumber = function.Certificate.SerialNumber,
                    RevokedAt = time.GetUtcNow(),
                    ExpiresAt = function.Certificate.ExpiresAt,
                },
                cancellationToken);
        }

        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "Withdrawn");
    }

    private async Task TakeApartAsync(CancellationToken cancellationToken)
    {
        if (state.State.Leaving.Count > 0)
        {
            await WithdrawAsync(cancellationToken);
            foreach (var function in state.State.Leaving)
            {
                if (!function.OnlyCertificate)
                    await GrainFactory.GetGrain<IEventSubscriberGrain>(function.Id).RemoveAllAsync(cancellationToken);
                await GrainFactory.GetGrain<IPublicKeyReservationGrain>(function.Certificate.PublicKeySha256)
                    .ReleaseAsync(new KeyOwner { Id = function.Id, IsApiInvoker = false }, cancellationToken);
                await GrainFactory.GetGrain<IFrontendDirectoryGrain>("frontends").CloseConnectionsAsync(function.Id, cancellationToken);
            }

            state.State.Leaving = [];
            if (state.State.Details is null)
                await state.ClearStateAsync();
            else
                await state.WriteStateAsync();
            await procedures.StepDoneAsync(Procedure, ApiProvDomId, "TakenApart");
        }

        if (await this.GetReminder(Procedure) is { } reminder)
            await this.UnregisterReminder(reminder);
    }
}
