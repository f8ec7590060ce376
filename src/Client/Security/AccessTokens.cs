using System.Collections.Concurrent;
using System.Text;

namespace CapifOrleans.Client;

/// <summary>
/// Access tokens for the service APIs of one AEF (TS 29.222 5.6.2.3, 33.122 Annex C), fetched when they are needed and again before they expire;
/// one request at a time for all who wait.
/// </summary>
internal sealed class AccessTokens(ApiInvokerOptions options, InvokerIdentity identity, CoreConnection core, string aefId) : IDisposable
{
    private const string What = "The access token";
    private readonly ConcurrentDictionary<string, (string Token, Validity Validity)> _tokens = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<string> GetAsync(string apiName, CancellationToken cancellationToken)
    {
        if (Usable(apiName) is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Usable(apiName) ?? await FetchAsync(apiName, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Forget(string apiName) => _tokens.TryRemove(apiName, out _);

    /// <inheritdoc/>
    public void Dispose() => _tokens.Clear();

    private string? Usable(string apiName) => _tokens.TryGetValue(apiName, out var found) && !found.Validity.IsOver(options.Time) ? found.Token : null;

    private async Task<string> FetchAsync(string apiName, CancellationToken cancellationToken)
    {
        var began = options.Time.GetUtcNow();
        var answer = await core.SendAsync(
            What, HttpMethod.Post, $"capif-security/v1/securities/{Uri.EscapeDataString(identity.ApiInvokerId!)}/token", () => Form(apiName),
            ClientJson.Default.AccessTokenRsp, cancellationToken);
        var token = answer.Required(What);
        if (!token.TokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            throw new CapifException($"{What} is of type {token.TokenType}; only Bearer is known (29.222 8.5.4.2.7).");
        var validity = token.ExpiresIn is { } seconds ? Validity.Of(began, TimeSpan.FromSeconds(seconds)) : Validity.Unknown;
        _tokens[apiName] = (token.AccessToken, validity);
        return token.AccessToken;
    }

    /// <summary>29.222 8.5.4.2.6: a form; the Onboard_Secret besides the client certificate, where the core function gave one (5.6.2.3.2).</summary>
    private FormUrlEncodedContent Form(string apiName)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = identity.ApiInvokerId!,
            ["scope"] = $"3gpp#{aefId}:{apiName}",
        };
        if (identity.OnboardSecret is { } secret)
            form["client_secret"] = Encoding.UTF8.GetString(secret);
        return new FormUrlEncodedContent(form);
    }
}
