using System.Text.Encodings.Web;
using System.Text.Json;

namespace CapifOrleans.Frontend.Http;

/// <summary>How JSON is written outside the wire records.</summary>
internal static class WireText
{
    /// <summary>Only what JSON itself forbids is escaped: an answer is never embedded in HTML.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
