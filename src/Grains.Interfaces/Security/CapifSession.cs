namespace CapifOrleans.Security;

/// <summary>
/// The CAPIF-1e session on which an API invoker negotiates, as far as method PSK needs it (33.122 A.1). It is secret, and goes to the
/// invoker's grain only where PSK is among the invoker's preferences.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.CapifSession")]
public sealed record CapifSession
{
    /// <summary>The session id of the full handshake; in TLS 1.3 what is exported in its place (<see cref="AefPsk.ExporterLabel"/>).</summary>
    [Id(0)]
    public required ImmutableArray<byte> SessionId { get; init; }

    /// <summary>The master secret; in TLS 1.3 likewise.</summary>
    [Id(1)]
    public required ImmutableArray<byte> MasterSecret { get; init; }

    /// <summary>Not what is in it.</summary>
    public override string ToString() => nameof(CapifSession);
}
