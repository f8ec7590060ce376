using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CapifOrleans.Client;

/// <summary>
/// HTTPS to one server of the standard's: sends a request, reads a bounded answer, and turns refusals into <see cref="CapifException"/>.
/// Buffers of ours that answers were in are overwritten, since there may be a secret in them.
/// </summary>
internal sealed class CoreConnection : IDisposable
{
    private const int LargestAnswer = 16 * 1024 * 1024;
    private const int MostRedirections = 3;

    private readonly Uri _root;
    private readonly HttpClient _http;

    /// <summary>Over this handler, which it owns, to this apiRoot (TS 29.122 5.2.4).</summary>
    public CoreConnection(Uri root, HttpMessageHandler handler, TimeSpan timeout)
    {
        _root = root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/");
        _http = new HttpClient(handler) { Timeout = timeout };
    }

    /// <summary>Sends it, and reads the answer's body.</summary>
    /// <param name="what">What is asked for, for the text of a refusal.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Below the apiRoot, without a slash before it.</param>
    /// <param name="content">Makes the body, as often as it is sent.</param>
    /// <param name="type">What the body of a success is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="authorization">The Authorization header.</param>
    /// <exception cref="CapifException">It was refused, or answered with what is no answer.</exception>
    public async Task<CoreAnswer<T>> SendAsync<T>(
        string what, HttpMethod method, string path, Func<HttpContent>? content, JsonTypeInfo<T> type, CancellationToken cancellationToken,
        AuthenticationHeaderValue? authorization = null)
        where T : class
    {
        var uri = new Uri(_root, path);
        for (var redirected = 0; ; redirected++)
        {
            using var request = new HttpRequestMessage(method, uri) { Content = content?.Invoke() };
            request.Headers.Authorization = authorization;
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (Redirection(response, uri) is { } elsewhere && redirected < MostRedirections)
            {
                uri = elsewhere;
                continue;
            }

            var body = await ReadAsync(what, response.Content, cancellationToken);
            try
            {
                if (!response.IsSuccessStatusCode)
                    throw Problem.Read(body.Span).ToException(what, response.StatusCode);
                return new CoreAnswer<T>(response.StatusCode, response.Headers.Location, body.IsEmpty ? null : JsonSerializer.Deserialize(body.Span, type));
            }
            catch (JsonException fault)
            {
                throw new CapifException($"{what} was answered with what is no answer to it: {fault.Message}", response.StatusCode);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(body.Span);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>307 and 308 name another place for the same request (TS 29.122 5.2.10); never one without TLS.</summary>
    private static Uri? Redirection(HttpResponseMessage response, Uri from)
    {
        if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) || response.Headers.Location is not { } location)
            return null;
        var to = new Uri(from, location);
        return to.Scheme == Uri.UriSchemeHttps ? to : null;
    }

    private static async Task<Memory<byte>> ReadAsync(string what, HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Math.Clamp((int)Math.Min(content.Headers.ContentLength ?? 4096, LargestAnswer), 1, LargestAnswer)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0)
                return buffer.AsMemory(0, length);
            if (length < buffer.Length)
                continue;
            if (length >= LargestAnswer)
                throw new CapifException($"{what} was answered with more than {LargestAnswer} octets.");
            var larger = new byte[Math.Min(LargestAnswer, (buffer.Length * 2) + 1)];
            buffer.CopyTo(larger, 0);
            CryptographicOperations.ZeroMemory(buffer);
            buffer = larger;
        }
    }
}

/// <summary>The answer to a request that succeeded.</summary>
internal sealed record CoreAnswer<T>(HttpStatusCode Status, Uri? Location, T? Body)
    where T : class
{
    /// <summary>The body, which must be there.</summary>
    public T Required(string what) => Body ?? throw new CapifException($"{what} was answered without a body.", Status);
}
