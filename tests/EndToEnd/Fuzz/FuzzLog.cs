using System.Text;
using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Fuzz;

/// <summary>The core function's log, for what must not be in it.</summary>
internal sealed class FuzzLog : MemoryStream
{
    private readonly Lock _lock = new();

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_lock)
            base.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
            base.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>The lines that say that something went wrong in the core function itself.</summary>
    public IReadOnlyList<string> Faults()
    {
        lock (_lock)
        {
            return
            [
                .. Encoding.UTF8.GetString(GetBuffer(), 0, (int)Length).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(IsFault),
            ];
        }
    }

    private static bool IsFault(string line)
    {
        var entry = JsonNode.Parse(line)!;
        return entry["exception"] is not null || (string?)entry["level"] is "error" or "critical";
    }
}
