using System.Globalization;
using System.Text;

namespace CapifOrleans.Frontend.Events;

/// <summary>
/// Frames of notifications (29.122 5.2.5.4): lines as in HTTP, the first with a number of four digits, then Content-Type and Content-Length, an
/// empty line and the JSON. The acknowledgement has the same first line and the status, <c>204 No Content</c>.
/// </summary>
internal static class NotificationFrame
{
    private const string SequenceHeader = "3GPP-WS-Notif-Seq:";

    /// <summary>The frame of a notification.</summary>
    public static byte[] Write(int sequence, ReadOnlySpan<byte> json)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{SequenceHeader} {sequence:D4}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"));
        var frame = new byte[head.Length + json.Length];
        head.CopyTo(frame, 0);
        json.CopyTo(frame.AsSpan(head.Length));
        return frame;
    }

    /// <summary>Reads an acknowledgement; its status is the notification's, taken where it is 2xx.</summary>
    public static bool TryReadAcknowledgement(ReadOnlySpan<byte> frame, out int sequence, out bool isTaken)
    {
        (sequence, isTaken) = (0, false);
        var lines = Encoding.ASCII.GetString(frame).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2 || !lines[0].StartsWith(SequenceHeader, StringComparison.OrdinalIgnoreCase))
            return false;
        var number = lines[0].AsSpan(SequenceHeader.Length).Trim();
        if (number.Length != 4 || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out sequence))
            return false;
        // A status line may begin with the version of HTTP.
        var status = lines[1].StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase) ? lines[1][(lines[1].IndexOf(' ', StringComparison.Ordinal) + 1)..] : lines[1];
        if (status.Length < 3 || !int.TryParse(status.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return false;
        isTaken = code is >= 200 and < 300;
        return true;
    }
}
