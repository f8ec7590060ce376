namespace CapifOrleans.Security;

/// <summary>The features of CAPIF_Security_API (29.222 8.5.6), by number.</summary>
public static class SecurityFeature
{
    /// <summary>A test notification may be asked for.</summary>
    public const int NotificationTestEvent = 1;

    /// <summary>Notifications may go over a WebSocket.</summary>
    public const int NotificationWebsocket = 2;

    /// <summary>An entry may be about one service API (<c>apiId</c>).</summary>
    public const int SecurityInfoPerApi = 3;

    /// <summary>Resource owners decide (<c>grantType</c>, <c>resOwnerId</c>).</summary>
    public const int Rnaa = 4;

    /// <summary>Scopes name resources and operations; a revocation may name a token.</summary>
    public const int CapifExt1 = 5;

    /// <summary>Scopes are strings separated by spaces.</summary>
    public const int CapifExt2 = 6;

    /// <summary>The cause AUTHORIZATION_ISSUE, which the V19.4.0 document has.</summary>
    public const int Capif4 = 7;

    /// <summary>Those that this core function has.</summary>
    public static SupportedFeatures Supported { get; } = SupportedFeatures.Of(
        NotificationTestEvent, NotificationWebsocket, SecurityInfoPerApi, Rnaa, CapifExt1, CapifExt2, Capif4);

    /// <summary>Those that are forwarded to peers: resource owners are each core function's own.</summary>
    public static SupportedFeatures ForPeers { get; } = SupportedFeatures.Of(SecurityInfoPerApi, CapifExt1, CapifExt2, Capif4);
}
