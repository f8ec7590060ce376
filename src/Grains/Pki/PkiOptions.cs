namespace CapifOrleans.Grains.Pki;

/// <summary>Options of the certification authority.</summary>
public sealed class PkiOptions
{
    /// <summary>The folder that holds certificates and encrypted keys: <c>pki</c> in the data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// What private keys are encrypted with. Where it is null, a random one lies in the folder, readable by its owner: better than
    /// nothing against a copied file, nothing against a copied folder.
    /// </summary>
    public string? KeyEncryptionKey { get; init; }

    /// <summary>How long certificates of invokers, functions and servers are valid. Default 1 year.</summary>
    public TimeSpan LeafValidity { get; init; } = TimeSpan.FromDays(365);

    /// <summary>The DNS names and addresses of the listeners; the first is the certificate's common name.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["localhost", "127.0.0.1", "::1"];

    /// <summary>The algorithm of new keys that sign tokens. Default ES256.</summary>
    public TokenAlgorithm TokenAlgorithm { get; init; } = TokenAlgorithm.Es256;

    /// <summary>How long a key signs tokens before another takes over; null for until the operator says so. Default 90 days.</summary>
    public TimeSpan? TokenKeyRotation { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a new key is published before it signs, so that AEFs know it by then. Default 1 hour; shorter than the rotation.</summary>
    public TimeSpan TokenKeyOverlap { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a revocation list is valid. Default 1 day; a new one is made with each revocation.</summary>
    public TimeSpan RevocationListValidity { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>The certification authority cannot be used; the message tells the operator what to do about it.</summary>
public sealed class PkiException : Exception
{
    /// <summary>An exception.</summary>
    public PkiException(string message) : base(message) { }

    /// <summary>An exception with its cause.</summary>
    public PkiException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An exception without text.</summary>
    public PkiException() { }
}
