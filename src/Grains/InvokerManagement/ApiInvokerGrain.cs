using CapifOrleans.Compatibility;
using CapifOrleans.Events;
using CapifOrleans.Grains.AccessControl;
using CapifOrleans.Grains.Events;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Security;
using CapifOrleans.Grains.Storage;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Grains.InvokerManagement;

/// <summary>
/// An API invoker. This part holds what all others need; onboarding, update and offboarding are beside it, the security context and tokens
/// in the folder Security.
/// </summary>
[GrainType("api-invoker")]
internal sealed partial class ApiInvokerGrain : Grain, IApiInvokerGrain, IRemindable
{
    // 29.222 8.4.6.
    private const int PatchUpdate = 3;
    private const int ExpirationTime = 4;
    private const int CapifExt1 = 6;
    private static readonly SupportedFeatures Features = SupportedFeatures.Of(
        NotificationFeature.TestEvent, NotificationFeature.Websocket, PatchUpdate, ExpirationTime, CapifExt1);

    private static readonly Refusal NotOnboarded = Refusal.NotFound("Invoker not found", "API Invoker not exists or invalid ID");

    private readonly IPersistentState<ApiInvokerState> _state;
    private readonly ICertificateIssuer _issuer;
    private readonly AccessTokenIssuer _tokens;
    private readonly SecretBox _secrets;
    private readonly PolicyRegister _policies;
    private readonly IProcedureObserver _procedures;
    private readonly InvokerOptions _options;
    private readonly InterconnectionOptions _interconnection;
    private readonly CompatibilityProfile _profile;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiInvokerGrain> _logger;

    public ApiInvokerGrain(
        [PersistentState("invoker", GrainStorage.Name)] IPersistentState<ApiInvokerState> state, ICertificateIssuer issuer,
        AccessTokenIssuer tokens, SecretBox secrets, PolicyRegister policies, IProcedureObserver procedures, InvokerOptions options,
        InterconnectionOptions interconnection, CompatibilityProfile profile, TimeProvider time,
        ILogger<ApiInvokerGrain> logger)
    {
        _state = state;
        _issuer = issuer;
        _tokens = tokens;
        _secrets = secrets;
        _policies = policies;
        _procedures = procedures;
        _options = options;
        _interconnection = interconnection;
        _profile = profile;
        _time = time;
        _logger = logger;
    }

    private string ApiInvokerId => this.GetPrimaryKeyString();

    // 29.222 8.4.6, as far as the profile goes.
    private SupportedFeatures Built => _profile.InvokerFeatures ?? Features;

    private bool IsOnboarded => _state.State.Profile is not null;

    /// <inheritdoc/>
    public Task<bool> IsOnboardedAsync(CancellationToken cancellationToken) => Task.FromResult(IsOnboarded);

    /// <inheritdoc/>
    public Task<CallerIdentity?> IdentifyAsync(PresentedCertificate certificate, CancellationToken cancellationToken)
    {
        CallerIdentity? found = IsOnboarded && !IsExpired && _state.State.Certificate is { } known && known.Thumbprint == certificate.Thumbprint
            ? new CallerIdentity { Role = CallerRole.ApiInvoker, Id = ApiInvokerId, CertificateExpiresAt = known.ExpiresAt }
            : null;
        return Task.FromResult(found);
    }

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_state.State.Offboarding is { Done: not OffboardingStep.Completed })
            ContinueOffboardingSoon();
        if (_state.State.Pending is { IsRefused: true })
            this.RegisterGrainTimer(_ => RemindedOfApprovalAsync(), TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await SettleKeysAsync(cancellationToken);
        await EndPoliciesAsync(cancellationToken);
        await SendNoticesAsync(cancellationToken);
        await PublishPendingAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName == OffboardingReminder)
        {
            await ContinueOffboardingAsync(CancellationToken.None);
            return;
        }

        if (reminderName == ExpiryReminder)
        {
            await ExpireAsync();
            return;
        }

        if (reminderName == ApprovalReminder)
        {
            await RemindedOfApprovalAsync();
            return;
        }

        await EndPoliciesAsync(CancellationToken.None);
        await SendNoticesAsync(CancellationToken.None);
        await SettleKeysAsync(CancellationToken.None);
        await PublishPendingAsync(CancellationToken.None);
        if (_state.State.PendingEvents.Count == 0 && _state.State.EndedPolicies.Count == 0 && _state.State.Notices.Count == 0
            && !HasUnsettledKeys)
        {
            await PendingEvents.DoneAsync(this);
        }
    }

    /// <summary>Puts an event beside the change that is about to be written, if anybody wants it.</summary>
    private async Task AddEventAsync(
        CapifEvent capifEvent, CapifEventDetail detail, IEnumerable<string> aefIds, IEnumerable<string> apiIds, CancellationToken cancellationToken,
        string? eventId = null)
    {
        if (!await PendingEvents.PrepareAsync(this, GrainFactory, capifEvent, cancellationToken))
            return;
        _state.State.PendingEvents.Add(new PendingEvent
        {
            EventId = eventId ?? PendingEvents.NewId(),
            Event = capifEvent,
            OccurredAt = _time.GetUtcNow(),
            Detail = detail,
            ApiInvokerIds = [ApiInvokerId],
            AefIds = [.. aefIds],
            ApiIds = [.. apiIds],
        });
    }

    private Task AddEventAsync(CapifEvent capifEvent, CancellationToken cancellationToken) =>
        AddEventAsync(capifEvent, new CapifEventDetail { ApiInvokerIds = [ApiInvokerId] }, [], [], cancellationToken);

    private Task PublishPendingAsync(CancellationToken cancellationToken) => PendingEvents.TryPublishAsync(
        GrainFactory, _state.State.PendingEvents, WriteAsync, fault => EventsDelayed(ApiInvokerId, fault), cancellationToken);

    /// <summary>Writes the state. Where that fails the activation ends, so that nobody is answered from memory what no disk holds.</summary>
    private async Task WriteAsync()
    {
        try
        {
            await _state.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Events of API invoker {ApiInvokerId} could not be published; they are tried again")]
    private partial void EventsDelayed(string apiInvokerId, Exception fault);
}
