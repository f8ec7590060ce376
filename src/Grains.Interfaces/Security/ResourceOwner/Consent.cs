namespace CapifOrleans.Security;

/// <summary>A service API that a resource owner consented to.</summary>
[GenerateSerializer, Immutable, Alias("capif.ConsentedApi")]
public sealed record ConsentedApi
{
    /// <summary>The AEF.</summary>
    [Id(0)]
    public required string AefId { get; init; }

    /// <summary>The service API.</summary>
    [Id(1)]
    public required string ApiId { get; init; }

    /// <summary>Its name.</summary>
    [Id(2)]
    public required string ApiName { get; init; }

    /// <summary>The part of it, as the scope has it (<c>res.things:op.create</c>); empty for the whole.</summary>
    [Id(3)]
    public string Part { get; init; } = "";

    /// <summary>Whether consent to this is consent to the other: to the whole, or to the very same part.</summary>
    public bool Covers(ConsentedApi other) => AefId == other.AefId && ApiId == other.ApiId && (Part.Length == 0 || Part == other.Part);
}

/// <summary>A consent of a resource owner: one API invoker, one service API.</summary>
[GenerateSerializer, Immutable, Alias("capif.Consent")]
public sealed record Consent
{
    /// <summary>Its identifier.</summary>
    [Id(0)]
    public required string ConsentId { get; init; }

    /// <summary>The API invoker.</summary>
    [Id(1)]
    public required string ApiInvokerId { get; init; }

    /// <summary>What the API invoker called itself then.</summary>
    [Id(2)]
    public required string ClientName { get; init; }

    /// <summary>The service API.</summary>
    [Id(3)]
    public required ConsentedApi Api { get; init; }

    /// <summary>When it was given.</summary>
    [Id(4)]
    public required DateTimeOffset GivenAt { get; init; }
}

/// <summary>The consents of a resource owner.</summary>
[GenerateSerializer, Immutable, Alias("capif.ConsentList")]
public sealed record ConsentList
{
    /// <summary>The consents, newest first.</summary>
    [Id(0)]
    public required ImmutableArray<Consent> Consents { get; init; }
}

/// <summary>A consent that ended, on its way to the AEF and the API invoker.</summary>
[GenerateSerializer, Immutable, Alias("capif.ConsentRevocation")]
public sealed record ConsentRevocation
{
    /// <summary>Its identifier, the same in every try.</summary>
    [Id(0)]
    public required string RevocationId { get; init; }

    /// <summary>The resource owner.</summary>
    [Id(1)]
    public required string Gpsi { get; init; }

    /// <summary>The API invoker.</summary>
    [Id(2)]
    public required string ApiInvokerId { get; init; }

    /// <summary>The service API.</summary>
    [Id(3)]
    public required ConsentedApi Api { get; init; }

    /// <summary>When it ended.</summary>
    [Id(4)]
    public required DateTimeOffset RevokedAt { get; init; }
}
