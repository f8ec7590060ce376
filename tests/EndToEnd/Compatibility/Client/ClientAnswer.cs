using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>An answer as a client of OpenCAPIF reads it.</summary>
internal sealed record ClientAnswer(int Status, string Text, Uri? Location)
{
    /// <summary>The body, which must be JSON.</summary>
    public JsonNode Body => JsonNode.Parse(Text)!;

    /// <summary>The path of Location, which is used for what comes next.</summary>
    public string Path => Location!.AbsolutePath;

    /// <summary>A text of the body.</summary>
    public string? this[string name] => (string?)Body[name];

    /// <summary>This, or a fault that says what was answered.</summary>
    public ClientAnswer Expect(int status) =>
        Status == status ? this : throw new InvalidOperationException($"The answer is {Status} rather than {status}: {Text}");
}
