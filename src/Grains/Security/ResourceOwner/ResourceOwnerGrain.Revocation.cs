using CapifOrleans.Grains.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>
/// The end of consents (33.122 6.5.3.4): it is written together with the duty to tell the API invoker, which a reminder sees to until it is
/// done, over restarts.
/// </summary>
internal sealed partial class ResourceOwnerGrain
{
    private const string Reminder = "revocations";
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => ContinueRevocationsAsync(CancellationToken.None);

    private async Task EndAsync(ImmutableArray<Consent> ended)
    {
        if (ended.IsEmpty && state.State.Account is not null)
            return;
        if (!ended.IsEmpty)
            await this.RegisterOrUpdateReminder(Reminder, TimeSpan.Zero, Retry);
        // From here on no token is issued, whether or not the write is done yet.
        _consents = _consents.RemoveAll(consent => ended.Any(one => one.ConsentId == consent.ConsentId));
        state.State.Consents = state.State.Consents.RemoveAll(consent => ended.Any(one => one.ConsentId == consent.ConsentId));
        var now = time.GetUtcNow();
        state.State.Revocations =
        [
            .. state.State.Revocations,
            .. ended.Select(consent => new ConsentRevocation
            {
                RevocationId = PendingEvents.NewId(),
                Gpsi = Gpsi,
                ApiInvokerId = consent.ApiInvokerId,
                Api = consent.Api,
                RevokedAt = now,
            }),
        ];
        if (state.State is { Account: null, Revocations.IsEmpty: true })
            await state.ClearStateAsync();
        else
            await WriteAsync();
        foreach (var consent in ended)
            Ended(consent.ApiInvokerId, consent.Api.ApiId);
        ContinueRevocationsSoon();
    }

    private void ContinueRevocationsSoon()
    {
        if (!state.State.Revocations.IsEmpty)
            this.RegisterGrainTimer(ContinueRevocationsAsync, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task ContinueRevocationsAsync(CancellationToken cancellationToken)
    {
        while (state.State.Revocations is [var next, ..])
        {
            await GrainFactory.GetGrain<IApiInvokerGrain>(next.ApiInvokerId).ConsentRevokedAsync(next, cancellationToken);
            state.State.Revocations = state.State.Revocations.RemoveAt(0);
            if (state.State is { Account: null, Revocations.IsEmpty: true })
                await state.ClearStateAsync();
            else
                await WriteAsync();
        }

        await this.EndReminderAsync(Reminder);
    }

    [LoggerMessage(4, LogLevel.Information, "A resource owner's consent for API invoker {ApiInvokerId} to service API {ApiId} ended")]
    private partial void Ended(string apiInvokerId, string apiId);
}
