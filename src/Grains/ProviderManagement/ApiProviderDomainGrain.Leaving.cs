using CapifOrleans.Connections;
using CapifOrleans.Events;
using CapifOrleans.Pki;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>What leaves a domain, functions and replaced certificates, is taken apart: idempotent steps, repeated from the first until all are done.</summary>
internal sealed partial class ApiProviderDomainGrain
{
    private const string Procedure = "deregistration";
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => SettleAsync(CancellationToken.None);

    private Task<IGrainReminder> RemindAsync() => this.RegisterOrUpdateReminder(Procedure, Retry, Retry);

    private void SettleSoon() => this.RegisterGrainTimer(SettleAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    /// <summary>Brings whatever was begun to its end: takes back what was not committed, and finishes what was.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (state.State.Incoming.Count > 0)
            await TakeBackAsync(cancellationToken);
        await RecordAsync(state.State.Functions, cancellationToken);
        if (state.State.Leaving.Count > 0)
            await TakeApartAsync(cancellationToken);
        await this.EndReminderAsync(Procedure);
    }

    /// <summary>
    /// From here on nothing of what leaves is accepted or discoverable. Certificates first: nobody can publish after its APIs are gone. The
    /// connection that a deregistration came on is ended by its frontend after the answer.
    /// </summary>
    private async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        foreach (var function in state.State.Leaving)
        {
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

        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "CertificatesRevoked");
        foreach (var function in state.State.Leaving.Where(one => one is { Role: CallerRole.Apf, OnlyCertificate: false }))
            await GrainFactory.GetGrain<IServicePublisherGrain>(function.Id).UnpublishAllAsync(cancellationToken);
        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "ServiceApisUnpublished");
        foreach (var function in state.State.Leaving)
            await GrainFactory.GetGrain<IFrontendDirectoryGrain>("frontends").CloseConnectionsAsync(function.Id, cancellationToken);
        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "ConnectionsClosed");
    }

    private async Task TakeApartAsync(CancellationToken cancellationToken)
    {
        await WithdrawAsync(cancellationToken);
        foreach (var function in state.State.Leaving.Where(one => !one.OnlyCertificate))
            await GrainFactory.GetGrain<IEventSubscriberGrain>(function.Id).RemoveAllAsync(cancellationToken);
        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "SubscriptionsRemoved");
        foreach (var function in state.State.Leaving)
            await ReleaseAsync(function, cancellationToken);
        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "KeysReleased");
        state.State.Leaving = [];
        await WriteOrClearAsync();
        await procedures.StepDoneAsync(Procedure, ApiProvDomId, "Completed");
    }

    private Task WriteOrClearAsync() => state.State.Details is null && state.State.Leaving.Count == 0
        ? state.ClearStateAsync()
        : state.WriteStateAsync();
}
