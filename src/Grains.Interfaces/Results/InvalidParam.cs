namespace CapifOrleans;

/// <summary>One attribute of a request that was refused, and why (TS 29.122 5.2.1.2.13, InvalidParam).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.InvalidParam")]
public sealed record InvalidParam
{
    /// <summary>The attribute: its path in the body (<c>apiProvFuncs[0].regInfo</c>), or the name of a query parameter or header.</summary>
    [Id(0), JsonPropertyName("param")]
    public required string Param { get; init; }

    /// <summary>What is wrong with it, for people.</summary>
    [Id(1), JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>A fault of one attribute.</summary>
    public static InvalidParam Of(string param, string reason) => new() { Param = param, Reason = reason };
}
