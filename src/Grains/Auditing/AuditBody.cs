using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CapifOrleans.Grains.Logging;

namespace CapifOrleans.Grains.Auditing;

/// <summary>
/// Writes an audit's answer (29.222 8.8.4.2.2) from entries as they are stored: thousands of them need not be read and written again.
/// </summary>
internal sealed class AuditBody
{
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private readonly bool _withSlices;

    private AuditBody(bool withSlices) => _withSlices = withSlices;

    /// <summary>InvocationLogs.</summary>
    public static ImmutableArray<byte> Several(ImmutableArray<AuditedLog> logs, SupportedFeatures common, bool withSlices)
    {
        var body = new AuditBody(withSlices);
        body.Write("{\"multipleInvocationLogs\":["u8);
        for (var index = 0; index < logs.Length; index++)
        {
            if (index > 0)
                body.Write(","u8);
            body.Write(logs[index]);
        }

        body.Write("],\"supportedFeatures\":"u8);
        body.Write(common.Text);
        body.Write("}"u8);
        return body.ToBody();
    }

    /// <summary>One InvocationLog.</summary>
    public static ImmutableArray<byte> One(AuditedLog log, bool withSlices)
    {
        var body = new AuditBody(withSlices);
        body.Write(log);
        return body.ToBody();
    }

    private ImmutableArray<byte> ToBody() => ImmutableCollectionsMarshal.AsImmutableArray(_body.WrittenSpan.ToArray());

    private void Write(AuditedLog log)
    {
        Write("{\"aefId\":"u8);
        Write(log.AefId);
        Write(",\"apiInvokerId\":"u8);
        Write(log.ApiInvokerId);
        Write(",\"logs\":["u8);
        for (var index = 0; index < log.Entries.Length; index++)
        {
            if (index > 0)
                Write(","u8);
            var (json, slice) = log.Entries[index];
            if (slice is null || !_withSlices)
            {
                Write(json.Span);
                continue;
            }

            // An entry is an object with attributes: its last character closes it.
            Write(json.Span[..^1]);
            Write(",\"netSliceInfo\":"u8);
            Write(Encoding.UTF8.GetBytes(slice));
            Write("}"u8);
        }

        Write("]"u8);
        if (log.SupportedFeatures is { } features)
        {
            Write(",\"supportedFeatures\":"u8);
            Write(features.Text);
        }

        Write("}"u8);
    }

    private void Write(ReadOnlySpan<byte> utf8) => _body.Write(utf8);

    private void Write(string text)
    {
        Write("\""u8);
        Write(JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        Write("\""u8);
    }
}
