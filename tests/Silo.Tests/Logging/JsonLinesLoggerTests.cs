using System.Text;
using System.Text.Json;
using CapifOrleans.Silo.Logging;
using CapifOrleans.Testing;
using Microsoft.Extensions.Logging;

namespace CapifOrleans.Silo.Tests.Logging;

public partial class JsonLinesLoggerTests
{
    [Fact]
    public void Entry_IsOneJsonObjectALine_WithItsValues()
    {
        using var output = new MemoryStream();
        using (var provider = new JsonLinesLoggerProvider(output, new ManualTimeProvider()))
        {
            var logger = provider.CreateLogger("CapifOrleans.Audit");
            Refused(logger, "a\nb\"", 401, null);
            Failed(logger, new InvalidOperationException("why"));
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        var root = first.RootElement;
        Assert.Equal("2026-06-01T12:00:00Z", root.GetProperty("time").GetString());
        Assert.Equal("warning", root.GetProperty("level").GetString());
        Assert.Equal("CapifOrleans.Audit", root.GetProperty("category").GetString());
        Assert.Equal(7, root.GetProperty("event").GetInt32());
        Assert.Equal("Refused to a\nb\": 401 (null)", root.GetProperty("message").GetString());
        Assert.Equal("a\nb\"", root.GetProperty("values").GetProperty("Caller").GetString());
        Assert.Equal(401, root.GetProperty("values").GetProperty("Status").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("values").GetProperty("Cause").ValueKind);
        Assert.False(root.GetProperty("values").TryGetProperty("{OriginalFormat}", out _));
        using var second = JsonDocument.Parse(lines[1]);
        Assert.Equal("error", second.RootElement.GetProperty("level").GetString());
        Assert.Contains("why", second.RootElement.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoLine_IsLostOrBroken_WhenManyLogAtOnce()
    {
        using var output = new MemoryStream();
        using (var provider = new JsonLinesLoggerProvider(output, TimeProvider.System))
        {
            var logger = provider.CreateLogger("Test");
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
            {
                for (var line = 0; line < 5_000; line++)
                    Refused(logger, "caller", (writer * 5_000) + line, "cause");
            })));
        }

        var seen = Encoding.UTF8.GetString(output.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("values").GetProperty("Status").GetInt32())
            .ToHashSet();
        Assert.Equal(40_000, seen.Count);
    }

    [LoggerMessage(7, LogLevel.Warning, "Refused to {Caller}: {Status} {Cause}")]
    private static partial void Refused(ILogger logger, string caller, int status, string? cause);

    [LoggerMessage(8, LogLevel.Error, "Failed")]
    private static partial void Failed(ILogger logger, Exception fault);
}
