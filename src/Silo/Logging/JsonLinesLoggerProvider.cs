using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CapifOrleans.Silo.Logging;

/// <summary>Logs as JSON, an object a line: time, level, category, event, message, values, trace, exception (docs/deploying.md).</summary>
internal sealed class JsonLinesLoggerProvider(Stream stream, TimeProvider time) : ILoggerProvider
{
    private readonly LineWriter _lines = new(stream);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new JsonLinesLogger(categoryName, _lines, time);

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}

/// <summary>Logs of one category.</summary>
internal sealed class JsonLinesLogger(string category, LineWriter lines, TimeProvider time) : ILogger
{
    private const string OriginalFormat = "{OriginalFormat}";

    // What is logged may come from anybody: relaxed escaping still escapes line breaks and quotes, which is what a line format needs.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static System.Buffers.ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var buffer = _buffer ??= new System.Buffers.ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, Format);
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteString("time"u8, time.GetUtcNow().UtcDateTime);
        writer.WriteString("level"u8, Name(logLevel));
        writer.WriteString("category"u8, category);
        writer.WriteNumber("event"u8, eventId.Id);
        writer.WriteString("message"u8, formatter(state, exception));
        if (state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } values)
            WriteValues(writer, values);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
            writer.WriteString("trace"u8, activity.TraceId.ToHexString());
        if (exception is not null)
            writer.WriteString("exception"u8, exception.ToString());
        writer.WriteEndObject();
        writer.Flush();
        lines.Write(buffer.WrittenSpan);
    }

    private static void WriteValues(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        writer.WriteStartObject("values"u8);
        for (var index = 0; index < values.Count; index++)
        {
            var (name, value) = values[index];
            if (name == OriginalFormat)
                continue;
            switch (value)
            {
                case null:
                    writer.WriteNull(name);
                    break;
                case int number:
                    writer.WriteNumber(name, number);
                    break;
                case long number:
                    writer.WriteNumber(name, number);
                    break;
                case bool truth:
                    writer.WriteBoolean(name, truth);
                    break;
                default:
                    writer.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace"u8,
        LogLevel.Debug => "debug"u8,
        LogLevel.Information => "information"u8,
        LogLevel.Warning => "warning"u8,
        LogLevel.Error => "error"u8,
        _ => "critical"u8,
    };
}
