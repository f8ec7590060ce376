using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapifOrleans.Frontend.Operations;

namespace CapifOrleans.EndToEnd.Fuzz;

/// <summary>
/// Requests to every operation, made from the documents that the core function serves: none is answered 5xx, none leaves a fault in the log, and
/// every refusal says why. <c>CAPIF_FUZZ_SEED</c> and <c>CAPIF_FUZZ_REQUESTS</c> choose other requests, and more.
/// </summary>
public sealed class FuzzTests(FuzzFixture core) : IClassFixture<FuzzFixture>
{
    private const int Seed = 29222;
    private const int Requests = 1_500;

    private const int MostFailures = 10;

    // On a slow machine there are fewer; the first ones are the same.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(100);

    [Fact]
    public async Task NoRequest_IsAnsweredByAFault_AndEveryRefusalSaysWhy()
    {
        var seed = Number("CAPIF_FUZZ_SEED", Seed);
        var random = new Random(seed);
        using var world = new FuzzWorld(core, random);
        await world.BeginAsync();
        var operations = await OperationsAsync();
        var watch = Stopwatch.StartNew();
        var answered = new Dictionary<string, int>();
        var wrong = new List<string>();
        for (var number = 0; number < Number("CAPIF_FUZZ_REQUESTS", Requests) && watch.Elapsed < Most; number++)
        {
            // Each operation in turn, so that none is left out.
            var operation = operations[number % operations.Count];
            var (party, hasCredential) = world.Sender(operation);
            var request = FuzzedRequest.Next(operation, random, name => world.Known(party, name));
            using var message = request.ToMessage(core.Target.Core, hasCredential ? core.Bearer() : null);
            try
            {
                using var answer = await party.Client.SendAsync(message);
                if (await WrongAsync(request, answer) is { } reason)
                    wrong.Add($"request {number} of seed {seed}: {reason}\n{request}\n");
                await world.AfterAsync(operation, answer);
                var outcome = $"{operation} {(int)answer.StatusCode / 100}xx";
                answered[outcome] = answered.GetValueOrDefault(outcome) + 1;
            }
            catch (HttpRequestException fault)
            {
                wrong.Add($"request {number} of seed {seed}: {fault}\n{request}\n");
            }

            if (wrong.Count >= MostFailures)
                break;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(core.Log.Faults().Count == 0, $"seed {seed}: {string.Join('\n', core.Log.Faults().Take(5))}");
        // The requests are not all rubbish, nor all right.
        foreach (var operation in operations)
            Assert.True(answered.ContainsKey($"{operation} 4xx"), $"{operation} was refused once");
        Assert.True(operations.Count(one => answered.ContainsKey($"{one} 2xx")) > operations.Count / 4, string.Join('\n', answered.OrderBy(one => one.Key, StringComparer.Ordinal)));
    }

    private async Task<IReadOnlyList<DocumentedOperation>> OperationsAsync()
    {
        using var client = new HttpClient();
        var operations = new List<DocumentedOperation>();
        foreach (var api in OperationTable.Rows.Select(row => row.Api).Where(api => api.Length > 0).Distinct())
        {
            var document = JsonNode.Parse(await client.GetStringAsync(new Uri(core.Core.Operations, $"/openapi/{api}.json")))!;
            operations.AddRange(DocumentedOperation.Of(document.AsObject()));
        }

        Assert.Equal(OperationTable.Rows.Count(row => row.Api.Length > 0), operations.Count);
        return operations;
    }

    /// <summary>What is wrong with an answer; null where nothing is.</summary>
    private static async Task<string?> WrongAsync(FuzzedRequest request, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var text = await answer.Content.ReadAsStringAsync();
        if (status is >= 500 or (>= 300 and < 400))
            return $"{status} {text}";
        if (text.Length == 0)
            return status < 300 || request.IsNoHttp ? null : $"{status} without a reason";
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        var body = Parse(text);
        var isRight = (status < 300, mediaType) switch
        {
            (true, "application/json") => body is not null,
            (false, "application/problem+json") => (int?)body?["status"] == status,
            // 29.222 8.5.5.3.
            (false, "application/json") => request.Operation.Path.EndsWith("/token", StringComparison.Ordinal) && body?["error"] is not null,
            _ => false,
        };
        return isRight ? null : $"{status} {mediaType} {text}";
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int Number(string variable, int standard) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : standard;
}

/// <summary>A core function of its own, since much comes and goes on it.</summary>
public sealed class FuzzFixture : CoreFixture
{
    internal FuzzLog Log { get; } = new();

    private protected override Stream LogStream => Log;
}
