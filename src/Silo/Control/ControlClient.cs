using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using CapifOrleans.AccessControl;
using CapifOrleans.Enrolment;
using CapifOrleans.Logging;
using CapifOrleans.Silo.Administration;

namespace CapifOrleans.Silo.Control;

/// <summary>The running core function of a data folder, through its control socket.</summary>
internal sealed partial class ControlClient : IAdministration, IDisposable
{
    private readonly HttpClient _http;

    private ControlClient(HttpClient http) => _http = http;

    /// <summary>A client of this socket; null where nobody listens.</summary>
    /// <exception cref="StartFailure">The socket is another user's.</exception>
    public static async Task<ControlClient?> TryConnectAsync(string socket, CancellationToken cancellationToken)
    {
        if (!File.Exists(socket))
            return null;
        try
        {
            (await OpenAsync(socket, cancellationToken)).Dispose();
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartFailure($"{socket}: access denied; run the command as the user that runs the core function.", fault);
        }
        catch (SocketException)
        {
            return null;
        }

        var handler = new SocketsHttpHandler { ConnectCallback = async (_, cancel) => await OpenAsync(socket, cancel), UseProxy = false };
        return new ControlClient(new HttpClient(handler) { BaseAddress = new Uri("http://control/"), Timeout = TimeSpan.FromSeconds(40) });
    }

    /// <summary>How it is.</summary>
    public Task<CoreStatus> StatusAsync(CancellationToken cancellationToken) =>
        GetAsync("status", ControlJson.Default.CoreStatus, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<EnrolmentUser>> AddUserAsync(NewUser user, CancellationToken cancellationToken) =>
        PostAsync("users", user, ControlJson.Default.NewUser, ControlJson.Default.OutcomeEnrolmentUser, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<EnrolmentUser>> ListUsersAsync(CancellationToken cancellationToken) =>
        GetAsync("users", ControlJson.Default.ImmutableArrayEnrolmentUser, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome> RemoveUserAsync(string userName, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri("users/" + Uri.EscapeDataString(userName), UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, ControlJson.Default.Outcome, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome> SetPolicyAsync(PolicySetting setting, CancellationToken cancellationToken) =>
        PostAsync("policies", setting, ControlJson.Default.PolicySetting, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<PolicyReport>> ListPoliciesAsync(string apiId, CancellationToken cancellationToken) =>
        GetAsync("policies/" + Uri.EscapeDataString(apiId), ControlJson.Default.OutcomePolicyReport, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemovePolicyAsync(PolicySubject subject, CancellationToken cancellationToken) =>
        PostAsync("policies/remove", subject, ControlJson.Default.PolicySubject, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetRetentionAsync(InvocationLogRetention retention, CancellationToken cancellationToken) =>
        PostAsync("retentions", retention, ControlJson.Default.InvocationLogRetention, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<InvocationLogRetention>> ListRetentionsAsync(CancellationToken cancellationToken) =>
        GetAsync("retentions", ControlJson.Default.ImmutableArrayInvocationLogRetention, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome> RemoveRetentionAsync(string apiId, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri("retentions/" + Uri.EscapeDataString(apiId), UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, ControlJson.Default.Outcome, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome<SignedCertificate>> IssueAsync(CertificateOrder order, CancellationToken cancellationToken) =>
        PostAsync("certificates", order, ControlJson.Default.CertificateOrder, ControlJson.Default.OutcomeSignedCertificate, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<Stream> OpenAsync(string socket, CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    private async Task<TOut> PostAsync<TIn, TOut>(
        string path, TIn body, JsonTypeInfo<TIn> bodyType, JsonTypeInfo<TOut> type, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body, bodyType);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        return await ReadAsync(answer, type, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
            throw new StartFailure($"the core function could not do it (status {(int)answer.StatusCode}); its log says why.");
        return await answer.Content.ReadFromJsonAsync(type, cancellationToken)
            ?? throw new StartFailure("the core function gave no answer; it may be of another version.");
    }
}
