using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Storage;

namespace CapifOrleans.Grains.Enrolment;

/// <inheritdoc cref="IEnrolmentUserGrain"/>
[GrainType("enrolmentuser")]
internal sealed partial class EnrolmentUserGrain(
    [PersistentState("account", GrainStorage.Name)] IPersistentState<EnrolmentUserState> state,
    PasswordHashing hashing,
    EnrolmentOptions options,
    TimeProvider time,
    ILogger<EnrolmentUserGrain> logger) : Grain, IEnrolmentUserGrain
{
    private static readonly Refusal TooBusy = Refusal.Of(ErrorKind.TooMany, "Too many log-ins at a time; try again.", "TOO_MANY_LOG_INS");

    private static readonly Refusal NoSuchAccount = Refusal.NotFound("There is no such account.", "ACCOUNT_NOT_FOUND");

    private static readonly Refusal WrongNameOrPassword =
        Refusal.Of(ErrorKind.Unauthenticated, "User name or password is wrong.", "LOG_IN_FAILED");

    private readonly LogInAttempts _attempts = new(time);
    private readonly RecentPassword _recent = new(time);

    // What is durable: it changes after a write only, since GetAsync may be asked in the middle of one.
    private EnrolmentAccount? _account;

    private string UserName => this.GetPrimaryKeyString();

    private static IEnrolmentDirectoryGrain Directory(IGrainFactory grains) => grains.GetGrain<IEnrolmentDirectoryGrain>("users");

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = state.State.Account;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<Outcome<EnrolmentUser>> CreateAsync(NewEnrolmentUser user, CancellationToken cancellationToken)
    {
        if (_account is not null)
            return Refusal.Of(ErrorKind.AlreadyExists, "There is an account of this name already.", "ACCOUNT_EXISTS");
        if (AccountRules.Check(UserName, user, options) is { } refusal)
            return refusal;
        if (await hashing.HashAsync(user.Password.Text) is not { } hash)
            return TooBusy;
        var account = new EnrolmentAccount
        {
            Uuid = Guid.NewGuid().ToString(),
            IsAdministrator = user.IsAdministrator,
            NeedsApproval = user.NeedsApproval,
            CreatedAt = time.GetUtcNow(),
            Password = hash,
        };
        var created = Describe(account);
        // Listed first: a name on the list without an account does no harm, an account that is on no list could not be found to be removed.
        await Directory(GrainFactory).AddAsync(created, CancellationToken.None);
        await StoreAsync(account);
        _recent.Remember(user.Password.Text);
        _attempts.Succeeded();
        Created(UserName, account.Uuid, account.IsAdministrator);
        return created;
    }

    /// <inheritdoc/>
    public async Task<Outcome<EnrolmentUser>> LogInAsync(EnrolmentPassword password, CancellationToken cancellationToken)
    {
        if (_attempts.LockedFor is { } locked)
        {
            LockedOut(UserName);
            return Refusal.Of(
                ErrorKind.TooMany, $"Too many failed log-ins; try again in {Math.Ceiling(locked.TotalSeconds)} s.", "ACCOUNT_LOCKED");
        }

        var isRecent = _account is not null && _recent.Is(password.Text);
        if ((isRecent ? true : await hashing.MatchesAsync(password.Text, _account?.Password)) is not { } matches)
            return TooBusy;
        if (!matches || _account is null)
        {
            _attempts.Failed();
            LogInFailed(UserName);
            return WrongNameOrPassword;
        }

        _attempts.Succeeded();
        if (_account.Password.Iterations < hashing.Iterations && await hashing.HashAsync(password.Text) is { } hash)
            await StoreAsync(_account with { Password = hash });
        if (!isRecent)
            _recent.Remember(password.Text);
        LoggedIn(UserName, _account.Uuid);
        return Describe(_account);
    }

    /// <inheritdoc/>
    public Task<EnrolmentUser?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(_account is null ? null : Describe(_account));

    /// <inheritdoc/>
    public async Task<Outcome> RemoveAsync(string? uuid, CancellationToken cancellationToken)
    {
        if (_account is { } account && (uuid is null || uuid == account.Uuid))
        {
            await StoreAsync(null);
            Removed(UserName, account.Uuid);
            await Directory(GrainFactory).RemoveAsync(UserName, account.Uuid, CancellationToken.None);
            return Outcome.Done;
        }

        // An earlier removal, or creation, may have ended between the two writes.
        if (uuid is not null)
            await Directory(GrainFactory).RemoveAsync(UserName, uuid, CancellationToken.None);
        return NoSuchAccount;
    }

    private async Task StoreAsync(EnrolmentAccount? account)
    {
        state.State.Account = account;
        try
        {
            if (account is null)
                await state.ClearStateAsync();
            else
                await state.WriteStateAsync();
        }
        catch
        {
            // Nobody knows whether it was written: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }

        _account = account;
        _recent.Forget();
    }

    private EnrolmentUser Describe(EnrolmentAccount account) => new()
    {
        UserName = UserName,
        Uuid = account.Uuid,
        IsAdministrator = account.IsAdministrator,
        NeedsApproval = account.NeedsApproval,
        CreatedAt = account.CreatedAt,
    };
}
