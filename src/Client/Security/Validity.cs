namespace CapifOrleans.Client;

/// <summary>Until when a key or a token is used: somewhat less than it is valid, so that none expires on its way.</summary>
internal readonly struct Validity
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(30);
    private readonly DateTimeOffset _renewAt;

    private Validity(DateTimeOffset renewAt) => _renewAt = renewAt;

    /// <summary>Nobody said; the other end's refusal will.</summary>
    public static Validity Unknown { get; } = new(DateTimeOffset.MaxValue);

    public static Validity Of(DateTimeOffset from, TimeSpan lifetime)
    {
        var margin = lifetime / 4 < LongestMargin ? lifetime / 4 : LongestMargin;
        return new Validity(from + lifetime - margin);
    }

    public bool IsOver(TimeProvider time) => time.GetUtcNow() >= _renewAt;
}
