using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>
/// What the tests of the contract share: a life that ends with the test, each of its deletions answered 204, and the comparison of refusals. A
/// test's name is the contract's id and what is wanted.
/// </summary>
[Collection(nameof(OpenCapifCollection))]
public abstract class CompatibilityTest(OpenCapifFixture fixture) : IAsyncLifetime
{
    private protected const string Route = "Role not authorized for this API route";

    private protected OpenCapifFixture Fixture { get; } = fixture;

    private protected ClientLife Life { get; } = fixture.NewLife();

    private protected CapifClient Client => Fixture.Client;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Life.DisposeAsync();

    /// <summary>A ProblemDetails with exactly this; the title is the status's own.</summary>
    private protected static JsonNode Refused(ClientAnswer answer, int status, string? detail, string? cause)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        var problem = answer.Body;
        WireShape.Check("ProblemDetails", problem);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Equal(Title(status), (string?)problem["title"]);
        if (detail is not null)
            Assert.Equal(detail, (string?)problem["detail"]);
        if (cause is not null)
            Assert.Equal(cause, (string?)problem["cause"]);
        return problem;
    }

    /// <summary>An OAuth error with exactly this.</summary>
    private protected static void RefusedByOAuth(ClientAnswer answer, int status, string error, string description)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        WireShape.Check("OAuthError", answer.Body);
        Assert.Equal(error, answer["error"]);
        Assert.Equal(description, answer["error_description"]);
    }

    /// <summary>An answer with a body of that type, and nothing in it that the type does not have.</summary>
    private protected static JsonNode Of(ClientAnswer answer, int status, string type)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Text}");
        WireShape.Check(type, answer.Body);
        return answer.Body;
    }

    /// <summary>Location: absolute, the host as it was addressed, this path and an identifier of letters and digits.</summary>
    private protected void Located(ClientAnswer answer, string path, string? id = null)
    {
        Assert.Equal(Client.Core.Authority, answer.Location!.Authority);
        Assert.Equal("https", answer.Location.Scheme);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(path)}/[0-9a-zA-Z]+$", answer.Path);
        if (id is not null)
            Assert.EndsWith("/" + id, answer.Path, StringComparison.Ordinal);
    }

    private protected static void Same(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString()}\nbut it is {actual?.ToJsonString()}");

    private static string Title(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        _ => "Not Found",
    };
}
