using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Grains.Storage;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <inheritdoc/>
/// <remarks>This part is about the account and consent; what follows a revocation is beside it.</remarks>
[GrainType("resource-owner")]
internal sealed partial class ResourceOwnerGrain(
    [PersistentState("owner", GrainStorage.Name)] IPersistentState<ResourceOwnerState> state, PasswordHashing hashing, EnrolmentOptions options,
    TimeProvider time, ILogger<ResourceOwnerGrain> logger) : Grain, IResourceOwnerGrain, IRemindable
{
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromMinutes(10);
    private static readonly Refusal TooBusy = Refusal.Of(ErrorKind.TooMany, "Too many log-ins at a time; try again.", "TOO_MANY_LOG_INS");
    private static readonly Refusal NoSuchOwner = Refusal.NotFound("There is no such resource owner.", "RESOURCE_OWNER_NOT_FOUND");
    private static readonly Refusal WrongPassword = Refusal.Of(ErrorKind.Unauthenticated, "Identifier or password is wrong.", "LOG_IN_FAILED");
    private static readonly Refusal SessionOver = Refusal.Of(ErrorKind.Unauthenticated, "The session is over; sign in again.", "SESSION_OVER");

    private readonly LogInAttempts _attempts = new(time);
    private readonly Dictionary<string, DateTimeOffset> _sessions = new(StringComparer.Ordinal);

    // What a token may be issued by: a new consent once it is durable, an ended one no more from the moment on that it is ended.
    private ImmutableArray<Consent> _consents = [];

    private string Gpsi => this.GetPrimaryKeyString();

    private IResourceOwnerDirectoryGrain Directory => GrainFactory.GetGrain<IResourceOwnerDirectoryGrain>("owners");

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _consents = state.State.Account is null ? [] : state.State.Consents;
        ContinueRevocationsSoon();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Outcome<ResourceOwnerAccount>> CreateAsync(EnrolmentPassword password, CancellationToken cancellationToken)
    {
        if (!ResourceOwnerAccount.IsGpsi(Gpsi))
            return Refusal.OfAttribute("gpsi", "must be msisdn- and 5 to 15 digits, or extid- and a local identifier, @ and a domain (29.571 Gpsi)");
        if (state.State.Account is not null)
            return Refusal.Of(ErrorKind.AlreadyExists, "There is such a resource owner already.", "RESOURCE_OWNER_EXISTS");
        if (AccountRules.CheckPassword(Gpsi, password.Text, options.MinPasswordLength) is { } refusal)
            return refusal;
        if (await hashing.HashAsync(password.Text) is not { } hash)
            return TooBusy;
        var account = new ResourceOwnerAccount { Gpsi = Gpsi, CreatedAt = time.GetUtcNow() };
        // Listed first: a name on the list without an account does no harm, an account that is on no list could not be found to be removed.
        await Directory.AddAsync(account, CancellationToken.None);
        state.State.Account = new OwnerAccount { CreatedAt = account.CreatedAt, Password = hash };
        await WriteAsync();
        _attempts.Succeeded();
        return account;
    }

    /// <inheritdoc/>
    public async Task<Outcome> RemoveAsync(CancellationToken cancellationToken)
    {
        var isThere = state.State.Account is not null;
        if (isThere)
        {
            _sessions.Clear();
            state.State.Account = null;
            await EndAsync([.. state.State.Consents]);
        }

        // Also when it was not there: an earlier removal may have ended between the two writes.
        await Directory.RemoveAsync(Gpsi, CancellationToken.None);
        return isThere ? Outcome.Done : NoSuchOwner;
    }

    /// <inheritdoc/>
    public async Task<Outcome<AuthorizationCode>> AuthorizeAsync(EnrolmentPassword password, AuthorizationRequest request, CancellationToken cancellationToken)
    {
        if (await LogInAsync(password) is { } wrong)
            return wrong;
        var outcome = await GrainFactory.GetGrain<IApiInvokerGrain>(request.ApiInvokerId).CheckAuthorizationRequestAsync(request, cancellationToken);
        if (!outcome.TryGet(out var offer, out var refusal))
            return refusal;
        var now = time.GetUtcNow();
        state.State.Consents =
        [
            .. offer.Apis.Where(api => !_consents.Any(known => known.ApiInvokerId == request.ApiInvokerId && known.Api.Covers(api))).Select(api => new Consent
            {
                ConsentId = Guid.NewGuid().ToString("N"),
                ApiInvokerId = request.ApiInvokerId,
                ClientName = offer.ClientName,
                Api = api,
                GivenAt = now,
            }),
            .. state.State.Consents,
        ];
        await WriteAsync();
        _consents = state.State.Consents;
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await GrainFactory.GetGrain<IAuthorizationCodeGrain>(Sha256Hex(code)).IssueAsync(
            new AuthorizationGrant { Request = request, Gpsi = Gpsi, Scope = offer.Scope, ExpiresAt = now + AuthorizationRules.CodeLifetime },
            CancellationToken.None);
        Authorized(request.ApiInvokerId, offer.Apis.Length);
        return new AuthorizationCode { Code = code };
    }

    /// <inheritdoc/>
    public Task<bool> HasConsentedAsync(string apiInvokerId, ImmutableArray<ConsentedApi> apis, CancellationToken cancellationToken)
    {
        var consents = _consents;
        return Task.FromResult(!apis.IsEmpty && apis.All(api => consents.Any(known => known.ApiInvokerId == apiInvokerId && known.Api.Covers(api))));
    }

    /// <inheritdoc/>
    public async Task<Outcome<ResourceOwnerSession>> SignInAsync(EnrolmentPassword password, CancellationToken cancellationToken)
    {
        if (await LogInAsync(password) is { } wrong)
            return wrong;
        var now = time.GetUtcNow();
        foreach (var over in _sessions.Where(session => session.Value <= now).Select(session => session.Key).ToList())
            _sessions.Remove(over);
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        // By its hash: looking it up then tells nothing by its time.
        _sessions[Sha256Hex(ticket)] = now + SessionLifetime;
        return new ResourceOwnerSession { Ticket = ticket };
    }

    /// <inheritdoc/>
    public Task<Outcome<ConsentList>> GetConsentsAsync(string ticket, CancellationToken cancellationToken) => Task.FromResult<Outcome<ConsentList>>(
        IsSession(ticket) ? new ConsentList { Consents = _consents } : SessionOver);

    /// <inheritdoc/>
    public async Task<Outcome> RevokeAsync(string ticket, string consentId, CancellationToken cancellationToken)
    {
        if (!IsSession(ticket))
            return SessionOver;
        await EndAsync([.. state.State.Consents.Where(consent => consent.ConsentId == consentId)]);
        return Outcome.Done;
    }

    /// <summary>Checks the password; why it is refused, or null.</summary>
    private async Task<Refusal?> LogInAsync(EnrolmentPassword password)
    {
        if (_attempts.LockedFor is { } locked)
        {
            LockedOut();
            return Refusal.Of(
                ErrorKind.TooMany, $"Too many failed log-ins; try again in {Math.Ceiling(locked.TotalSeconds)} s.", "ACCOUNT_LOCKED");
        }

        var account = state.State.Account;
        if (await hashing.MatchesAsync(password.Text, account?.Password) is not { } matches)
            return TooBusy;
        if (!matches || account is null)
        {
            _attempts.Failed();
            LogInFailed();
            return WrongPassword;
        }

        _attempts.Succeeded();
        return null;
    }

    private bool IsSession(string ticket) =>
        state.State.Account is not null && _sessions.TryGetValue(Sha256Hex(ticket), out var until) && time.GetUtcNow() < until;

    private static string Sha256Hex(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

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

    // The GPSI is personal: the log has it nowhere.
    [LoggerMessage(1, LogLevel.Information, "A resource owner allowed API invoker {ApiInvokerId} {Count} service APIs")]
    private partial void Authorized(string apiInvokerId, int count);

    [LoggerMessage(2, LogLevel.Warning, "A log-in of a resource owner failed")]
    private partial void LogInFailed();

    [LoggerMessage(3, LogLevel.Warning, "A log-in of a resource owner was refused: locked after too many failures")]
    private partial void LockedOut();
}
