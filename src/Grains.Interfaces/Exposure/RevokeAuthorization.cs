using CapifOrleans.Security;

namespace CapifOrleans.Exposure;

/// <summary>The core function revokes an API invoker's authorization at an AEF (TS 29.222 9.1.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RevokeAuthorizationReq")]
public sealed record RevokeAuthorizationReq
{
    /// <summary>What is revoked. Its access token counts with feature 1, CAPIF_Ext1.</summary>
    [Id(0), JsonPropertyName("revokeInfo")]
    public required SecurityNotification RevokeInfo { get; init; }

    /// <summary>Supported features.</summary>
    [Id(1), JsonPropertyName("supportedFeatures")]
    public required SupportedFeatures SupportedFeatures { get; init; }
}

/// <summary>The AEF has revoked it (TS 29.222 9.1.4.2.5).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.RevokeAuthorizationRsp")]
public sealed record RevokeAuthorizationRsp
{
    /// <summary>Supported features: those of the request that the AEF supports, too.</summary>
    [Id(0), JsonPropertyName("supportedFeatures")]
    public required SupportedFeatures SupportedFeatures { get; init; }
}
