using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Connections;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Interconnection;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Interconnection;

/// <inheritdoc/>
[GrainType("interconnected-ccf")]
internal sealed partial class InterconnectedCcfGrain(
    [PersistentState("ccf", GrainStorage.Name)] IPersistentState<InterconnectedCcfState> state, InterconnectionOptions options, TimeProvider time,
    ILogger<InterconnectedCcfGrain> logger)
    : Grain, IInterconnectedCcfGrain, IRemindable
{
    private static readonly Refusal None = Refusal.NotFound("There is no such core function among the peers.", "PEER_NOT_FOUND");

    private static readonly Refusal Unknown = Refusal.Of(
        ErrorKind.Unauthenticated, "The certificate names no core function that this one is interconnected with.", "PEER_UNKNOWN");

    // What is durable: questions interleave with writes.
    private InterconnectedCcf? _ccf;
    private ImmutableArray<InterconnectionPolicy> _policies = [];

    private string CcfId => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Show();
        if (HasSteps)
            ContinueSoon();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Outcome> SetAsync(InterconnectedCcf ccf, CancellationToken cancellationToken)
    {
        if (PeerRules.Check(ccf with { CcfId = CcfId }, options.CcfId) is { } invalid)
            return invalid;
        if (state.State.IsLeaving)
            return Refusal.Of(ErrorKind.Unavailable, "Its removal is still under way; try again.", "PEER_LEAVING");
        // Its path on the interconnection listener is that of an APF's resources.
        if (await GrainFactory.GetGrain<IProviderFunctionGrain>(CcfId).GetAsync(cancellationToken) is not null)
            return Refusal.OfAttribute("ccfId", "is the identifier of an API provider function here");
        // What others passed on of it, it publishes itself from now on.
        foreach (var other in (await GrainFactory.GetGrain<IInterconnectionDirectoryGrain>("peers").ListAsync(cancellationToken)).Where(one => one.CcfId != CcfId))
            await GrainFactory.GetGrain<IServicePublisherGrain>(PublishedServiceApi.ApfIdOf(other.CcfId)).UnpublishOfAsync(CcfId, cancellationToken);
        state.State.Ccf = ccf with { CcfId = CcfId, RevokedSerialNumbers = state.State.Ccf?.RevokedSerialNumbers ?? [] };
        await WriteAsync();
        await AnnounceAsync(cancellationToken);
        PeerSet(CcfId, ccf.Address);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<InterconnectedCcf?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(_ccf);

    /// <inheritdoc/>
    public async Task<InterconnectedCcfReport?> ReportAsync(CancellationToken cancellationToken)
    {
        if (_ccf is not { } ccf)
            return null;
        return new InterconnectedCcfReport
        {
            Ccf = ccf,
            Policies = _policies,
            Shared = await Sharing.ListAsync(cancellationToken),
            Received = (await Publisher.GetAllAsync(cancellationToken)).Length,
            WaitingNotices = await Notices.CountAsync(cancellationToken),
        };
    }

    /// <inheritdoc/>
    public Task<Outcome<CallerIdentity>> IdentifyAsync(PresentedPeerCertificate certificate, CancellationToken cancellationToken)
    {
        if (_ccf is not { } ccf)
            return Task.FromResult<Outcome<CallerIdentity>>(Unknown);
        using var presented = X509CertificateLoader.LoadCertificate(certificate.Certificate.AsSpan());
        var sent = new X509Certificate2Collection();
        foreach (var one in certificate.Chain)
            sent.Add(X509CertificateLoader.LoadCertificate(one.AsSpan()));
        var refusal = PeerCertificateCheck.Check(ccf, presented, sent, PeerCertificateCheck.Client, time.GetUtcNow());
        foreach (var one in sent)
            one.Dispose();
        return Task.FromResult<Outcome<CallerIdentity>>(refusal is not null ? refusal : new CallerIdentity
        {
            Role = CallerRole.Ccf,
            Id = CcfId,
            CertificateExpiresAt = presented.NotAfter.ToUniversalTime(),
        });
    }

    /// <inheritdoc/>
    public async Task<Outcome> RevokeCertificateAsync(string serialNumber, CancellationToken cancellationToken)
    {
        if (state.State.Ccf is not { } ccf)
            return None;
        var number = serialNumber.ToUpperInvariant();
        if (number.Length is 0 or > 64 || !number.All(char.IsAsciiHexDigit))
            return Refusal.OfAttribute("serialNumber", "must be hexadecimal");
        if (!ccf.RevokedSerialNumbers.Contains(number))
        {
            state.State.Ccf = ccf with { RevokedSerialNumbers = ccf.RevokedSerialNumbers.Add(number) };
            await WriteAsync();
        }

        await AnnounceAsync(cancellationToken);
        CertificateRevoked(CcfId, number);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome> AllowAsync(InterconnectionPolicy policy, CancellationToken cancellationToken)
    {
        if (state.State.Ccf is null)
            return None;
        if (AccessControlRules.Check(policy.Bounds) is { } invalid)
            return invalid;
        if (await GrainFactory.GetGrain<CapifOrleans.Discover.IDiscoveryGrain>(0).FindByIdAsync(policy.ApiId, cancellationToken) is not { PeerCcfId: null })
            return Refusal.OfAttribute("apiId", "is no service API that is published by an API provider of this core function");
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        state.State.Policies.RemoveAll(one => one.ApiId == policy.ApiId && one.ApiInvokerId == policy.ApiInvokerId);
        state.State.Policies.Add(policy with { Bounds = policy.Bounds with { ApiInvokerId = policy.ApiInvokerId ?? "" } });
        await ReviewAsync(policy.ApiInvokerId);
        Allowed(CcfId, policy.ApiInvokerId, policy.ApiId);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public async Task<Outcome> DisallowAsync(string apiId, string? apiInvokerId, CancellationToken cancellationToken)
    {
        if (state.State.Ccf is null)
            return None;
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        if (state.State.Policies.RemoveAll(one => one.ApiId == apiId && one.ApiInvokerId == apiInvokerId) == 0)
            return Refusal.NotFound("Nothing was allowed there that could be taken back.", "POLICY_NOT_FOUND");
        await ReviewAsync(apiInvokerId);
        Disallowed(CcfId, apiInvokerId, apiId);
        return Outcome.Done;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<InterconnectionPolicy>> GetPoliciesAsync(string apiInvokerId, CancellationToken cancellationToken)
    {
        // What is said of the API invoker itself counts more than what is said of all.
        var said = _policies.Where(one => one.ApiInvokerId is null || one.ApiInvokerId == apiInvokerId);
        return Task.FromResult<ImmutableArray<InterconnectionPolicy>>(
            [.. said.GroupBy(one => one.ApiId, StringComparer.Ordinal).Select(api => api.OrderBy(one => one.ApiInvokerId is null).First())]);
    }

    private IPeerSharingGrain Sharing => GrainFactory.GetGrain<IPeerSharingGrain>(CcfId);

    private IPeerNoticeGrain Notices => GrainFactory.GetGrain<IPeerNoticeGrain>(CcfId);

    private IServicePublisherGrain Publisher => GrainFactory.GetGrain<IServicePublisherGrain>(PublishedServiceApi.ApfIdOf(CcfId));

    /// <summary>Lets all who act by what is known of the peer know it as it is now. What an open connection was identified by may hold no longer.</summary>
    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        await GrainFactory.GetGrain<IInterconnectionDirectoryGrain>("peers").PutAsync(_ccf!, cancellationToken);
        await GrainFactory.GetGrain<IFrontendDirectoryGrain>("frontends").CloseConnectionsAsync(CcfId, cancellationToken);
        await Sharing.BeginAsync(cancellationToken);
    }

    private void Show() => (_ccf, _policies) = (state.State.Ccf, [.. state.State.Policies]);

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
            Show();
        }
        catch
        {
            // Nobody knows what is stored: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Core function {CcfId} at {Address} is a peer")]
    private partial void PeerSet(string ccfId, string address);

    [LoggerMessage(2, LogLevel.Information, "Certificate {SerialNumber} of core function {CcfId} is refused from now on")]
    private partial void CertificateRevoked(string ccfId, string serialNumber);

    [LoggerMessage(3, LogLevel.Information, "API invoker {ApiInvokerId} of core function {CcfId} may use service API {ApiId}")]
    private partial void Allowed(string ccfId, string? apiInvokerId, string apiId);

    [LoggerMessage(4, LogLevel.Information, "API invoker {ApiInvokerId} of core function {CcfId} may no longer use service API {ApiId}")]
    private partial void Disallowed(string ccfId, string? apiInvokerId, string apiId);
}
