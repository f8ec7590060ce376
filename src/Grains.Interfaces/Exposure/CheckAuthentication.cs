namespace CapifOrleans.Exposure;

/// <summary>An API invoker's question to an AEF, before the first invocation, to have its authentication prepared (TS 29.222 9.1.4.2.2).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.CheckAuthenticationReq")]
public sealed record CheckAuthenticationReq
{
    /// <summary>API invoker identifier.</summary>
    [Id(0), JsonPropertyName("apiInvokerId")]
    public required string ApiInvokerId { get; init; }

    /// <summary>Supported features.</summary>
    [Id(1), JsonPropertyName("supportedFeatures")]
    public required SupportedFeatures SupportedFeatures { get; init; }
}

/// <summary>The AEF has what it needs to authenticate the API invoker (TS 29.222 9.1.4.2.3).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.CheckAuthenticationRsp")]
public sealed record CheckAuthenticationRsp
{
    /// <summary>Supported features: those of the request that the AEF supports, too.</summary>
    [Id(0), JsonPropertyName("supportedFeatures")]
    public required SupportedFeatures SupportedFeatures { get; init; }
}
