using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CapifOrleans.Interconnection;
using CapifOrleans.Json;

namespace CapifOrleans.Grains.Interconnection;

/// <summary>A request to a peer, by path below its address.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path and query.</param>
internal sealed record PeerRequest(HttpMethod Method, string Path)
{
    /// <summary>The body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body's media type.</summary>
    public string MediaType { get; init; } = "application/json";
}

/// <summary>What a peer answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="MaxAge">For how long it may be kept (RFC 9111 5.2.2.1), if it says so.</param>
internal sealed record PeerAnswer(int Status, byte[] Body, TimeSpan? MaxAge)
{
    /// <summary>Whether it is a success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body as a wire record, held to the standard's document like any other's.</summary>
    public bool TryRead<T>([NotNullWhen(true)] out T? value)
        where T : class => WireValidator.TryRead(Body, out value, out _);
}

/// <summary>Asks peers. What a peer does or does not do never throws; it is a refusal of kind Unavailable.</summary>
internal interface IPeerClient
{
    /// <summary>Sends a request; the answer, whatever its status below 500, or that there is none.</summary>
    Task<Outcome<PeerAnswer>> SendAsync(InterconnectedCcf peer, PeerRequest request, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed partial class PeerClient(PeerConnections connections, InterconnectionOptions options, ILogger<PeerClient> logger) : IPeerClient
{
    /// <inheritdoc/>
    public async Task<Outcome<PeerAnswer>> SendAsync(InterconnectedCcf peer, PeerRequest request, CancellationToken cancellationToken)
    {
        // A command that administers a data folder has no identity of its own to show.
        if (options.CcfId is null)
            return Unavailable(peer);
        var (http, breaker) = connections.Of(peer);
        if (!breaker.TryEnter())
            return Unavailable(peer);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(options.AttemptTimeout);
        try
        {
            using var message = new HttpRequestMessage(request.Method, new Uri(new Uri(peer.Address), request.Path));
            if (!request.Body.IsEmpty)
            {
                message.Content = new ReadOnlyMemoryContent(request.Body);
                message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.MediaType);
            }

            using var response = await http.SendAsync(message, attempt.Token);
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400 or >= 500)
            {
                breaker.Failed();
                Answered(peer.CcfId, request.Method, status);
                return Unavailable(peer);
            }

            var body = await response.Content.ReadAsByteArrayAsync(attempt.Token);
            breaker.Succeeded();
            return new PeerAnswer(status, body, response.Headers.CacheControl is { NoStore: false } cache ? cache.MaxAge : null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // Who asked has gone: that is not the peer's fault.
            if (!cancellationToken.IsCancellationRequested)
                breaker.Failed();
            Failed(peer.CcfId, request.Method, fault.GetType().Name, fault.InnerException?.Message ?? fault.Message);
            return Unavailable(peer);
        }
    }

    /// <summary>That a peer cannot be asked now.</summary>
    public static Refusal Unavailable(InterconnectedCcf peer) =>
        Refusal.Of(ErrorKind.Unavailable, $"The core function {peer.CcfId} cannot be reached now; try again.", "PEER_UNAVAILABLE");

    [LoggerMessage(1, LogLevel.Warning, "Core function {CcfId} answered {Method} with {Status}")]
    private partial void Answered(string ccfId, HttpMethod method, int status);

    [LoggerMessage(2, LogLevel.Warning, "Core function {CcfId} did not answer {Method}: {Fault} {Message}")]
    private partial void Failed(string ccfId, HttpMethod method, string fault, string message);
}
