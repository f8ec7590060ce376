using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>What is stored of an authorization code.</summary>
internal sealed class AuthorizationCodeState
{
    /// <summary>What it is good for; null once it is used up.</summary>
    public AuthorizationGrant? Grant { get; set; }
}

/// <inheritdoc/>
[GrainType("authorization-code")]
internal sealed class AuthorizationCodeGrain(
    [PersistentState("code", GrainStorage.Name)] IPersistentState<AuthorizationCodeState> state, TimeProvider time) : Grain, IAuthorizationCodeGrain, IRemindable
{
    private const string Reminder = "expiry";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly Refusal NoSuchCode = Refusal.Of(
        ErrorKind.OAuthInvalidGrant, "The authorization code is unknown, used, expired, or of another client, redirect_uri or code_verifier");

    /// <inheritdoc/>
    public async Task IssueAsync(AuthorizationGrant grant, CancellationToken cancellationToken)
    {
        // First the reminder: what is never redeemed must not lie there for ever.
        await this.RegisterOrUpdateReminder(Reminder, Period, Period);
        state.State.Grant = grant;
        await WriteAsync();
    }

    /// <inheritdoc/>
    public async Task<Outcome<AuthorizationGrant>> RedeemAsync(CodeRedemption redemption, CancellationToken cancellationToken)
    {
        if (state.State.Grant is not { } grant)
            return NoSuchCode;
        state.State.Grant = null;
        await WriteAsync();
        return time.GetUtcNow() < grant.ExpiresAt && IsFor(grant.Request, redemption) ? grant : NoSuchCode;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (state.State.Grant is { } grant && time.GetUtcNow() < grant.ExpiresAt)
            return;
        if (state.RecordExists)
            await state.ClearStateAsync();
        await this.EndReminderAsync(Reminder);
        DeactivateOnIdle();
    }

    private static bool IsFor(AuthorizationRequest request, CodeRedemption redemption) =>
        request.ApiInvokerId == redemption.ApiInvokerId
        && request.RedirectUri == redemption.RedirectUri
        && IsVerified(request.CodeChallenge, redemption.CodeVerifier);

    /// <summary>RFC 7636 4.6. A verifier without a challenge is a mistake as well: it must not look as if it had protected anything.</summary>
    private static bool IsVerified(string? challenge, string? verifier)
    {
        if (challenge is null || verifier is null)
            return challenge is null && verifier is null;
        var computed = Base64Url.EncodeToUtf8(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(computed, Encoding.UTF8.GetBytes(challenge));
    }

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
