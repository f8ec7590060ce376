using CapifOrleans.AccessControl;
using CapifOrleans.Auditing;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Frontend.Interconnection;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Logging;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;
using CapifOrleans.Routing;
using CapifOrleans.Security;
using Operation = CapifOrleans.Frontend.Operations.Operation;

namespace CapifOrleans.Frontend.OpenApi;

/// <summary>What goes in and out of an operation, for its document.</summary>
internal sealed record OperationShape
{
    /// <summary>The body's type.</summary>
    public Type? Request { get; init; }

    /// <summary>The attributes of <see cref="Request"/> that a merge patch may give; null for a whole body.</summary>
    public string[]? Patchable { get; init; }

    /// <summary>The status of success.</summary>
    public required int Status { get; init; }

    /// <summary>The answer's type; null for an answer without body.</summary>
    public Type? Answer { get; init; }

    /// <summary>Whether the answer is a list of it.</summary>
    public bool IsList { get; init; }

    /// <summary>The query parameters, those that must be there with an exclamation mark.</summary>
    public string[] Query { get; init; } = [];

    /// <summary>Whether it may be answered 202, without body, since it is decided later.</summary>
    public bool MayBeAccepted { get; init; }

    /// <summary>Another type that the answer may have, by what was negotiated.</summary>
    public Type? OtherAnswer { get; init; }

    /// <summary>What is posted to the notificationDestination of the body.</summary>
    public Type? Notification { get; init; }
}

/// <summary>The shapes of all operations that have a document.</summary>
internal static class OperationShapes
{
    private static readonly string[] InvokerPatch = ["onboardingInformation", "notificationDestination", "apiList", "apiInvokerInformation", "expTime"];
    private static readonly string[] ProviderPatch = ["apiProvFuncs", "apiProvDomInfo"];
    private static readonly string[] EventPatch = ["events", "eventFilters", "eventReq", "notificationDestination"];

    private static readonly string[] PublishPatch =
        ["apiStatus", "aefProfiles", "description", "shareableInfo", "serviceAPICategory", "apiSuppFeats", "pubApiPath", "ccfId"];

    private static readonly string[] Discovery =
    [
        "!api-invoker-id", "api-name", "api-version", "comm-type", "protocol", "aef-id", "data-format", "api-cat", "preferred-aef-loc",
        "req-api-prov-name", "api-supported-features", "ue-ip-addr", "service-kpis", "net-slice-info", "grant-types", "api-ids", "res-ops",
        "supported-features",
    ];

    private static readonly string[] OpenDiscovery =
    [
        "api-names", "api-versions", "comm-type", "protocols", "data-format", "api-cats", "preferred-aef-loc", "api-prov-names",
        "api-supported-features", "api-ids", "service-kpis", "res-ops", "supported-features",
    ];

    private static readonly string[] Audit =
    [
        "aef-id", "api-invoker-id", "time-range-start", "time-range-end", "api-id", "api-name", "api-version", "protocol", "operation", "result",
        "resource-name", "src-interface", "dest-interface", "supported-features", "net-slice-info",
    ];

    private static readonly Dictionary<Operation, OperationShape> Shapes = new()
    {
        [OperationTable.OnboardApiInvoker] = Body<ApiInvokerEnrolmentDetails>(201) with { MayBeAccepted = true, Notification = typeof(OnboardingNotification) },
        [OperationTable.UpdateApiInvoker] = Body<ApiInvokerEnrolmentDetails>(200) with { MayBeAccepted = true },
        [OperationTable.PatchApiInvoker] = Body<ApiInvokerEnrolmentDetails>(200) with { Patchable = InvokerPatch, MayBeAccepted = true },
        [OperationTable.OffboardApiInvoker] = Nothing,
        [OperationTable.RegisterApiProvider] = Body<ApiProviderEnrolmentDetails>(201),
        [OperationTable.UpdateApiProvider] = Body<ApiProviderEnrolmentDetails>(200),
        [OperationTable.PatchApiProvider] = Body<ApiProviderEnrolmentDetails>(200) with { Patchable = ProviderPatch },
        [OperationTable.DeregisterApiProvider] = Nothing,
        [OperationTable.PublishServiceApi] = Body<ServiceApiDescription>(201),
        [OperationTable.GetServiceApis] = Get<ServiceApiDescription>() with { IsList = true },
        [OperationTable.GetServiceApi] = Get<ServiceApiDescription>(),
        [OperationTable.UpdateServiceApi] = Body<ServiceApiDescription>(200),
        [OperationTable.PatchServiceApi] = Body<ServiceApiDescription>(200) with { Patchable = PublishPatch },
        [OperationTable.UnpublishServiceApi] = Nothing,
        [OperationTable.DiscoverServiceApi] = Get<DiscoveredApis>() with { Query = Discovery },
        [OperationTable.OpenDiscoverServiceApi] = Get<OpenDiscoveryResp>() with { Query = OpenDiscovery },
        [OperationTable.ObtainRoutingInfo] = Get<RoutingInfo>() with { Query = ["!aef-id", "supp-feat"] },
        [OperationTable.ObtainSecurityMethod] = Body<ServiceSecurity>(201) with { Notification = typeof(SecurityNotification) },
        [OperationTable.UpdateSecurityMethod] = Body<ServiceSecurity>(200),
        [OperationTable.ObtainAuthorization] = new OperationShape { Request = typeof(AccessTokenReq), Status = 200, Answer = typeof(AccessTokenRsp) },
        [OperationTable.ObtainApiInvokerInfo] = Get<ServiceSecurity>() with { Query = ["authenticationInfo", "authorizationInfo", "ccf-id"] },
        [OperationTable.RevokeAllAuthorization] = Nothing,
        [OperationTable.RevokeAuthorization] = Nothing with { Request = typeof(SecurityNotification) },
        [OperationTable.SubscribeEvent] = Body<EventSubscription>(201) with { Notification = typeof(EventNotification) },
        [OperationTable.UpdateEventSubscription] = Body<EventSubscription>(200),
        [OperationTable.PatchEventSubscription] = Body<EventSubscription>(200) with { Patchable = EventPatch },
        [OperationTable.UnsubscribeEvent] = Nothing,
        [OperationTable.ObtainAccessControlPolicy] = Get<AccessControlPolicyList>() with { Query = ["!aef-id", "api-invoker-id", "supported-features"] },
        [OperationTable.LogApiInvocation] = Body<InvocationLog>(201),
        [OperationTable.QueryApiInvocationLog] = Get<InvocationLog>() with { OtherAnswer = typeof(InvocationLogs), Query = Audit },
        [OperationTable.InitiateAuthentication] = Get<CheckAuthenticationRsp>() with { Request = typeof(CheckAuthenticationReq) },
        [OperationTable.RevokeAuthorizationAtAef] = Get<RevokeAuthorizationRsp>() with { Request = typeof(RevokeAuthorizationReq) },
    };

    private static OperationShape Nothing => new() { Status = 204 };

    /// <summary>The shape of an operation.</summary>
    public static OperationShape Of(Operation operation)
    {
        if (operation.Api != InterconnectionOperations.Api)
            return Shapes[operation];
        if (operation == InterconnectionOperations.ObtainApiInvokerInfo)
            return Get<ServiceSecurity>() with { Query = ["!aef-id", "authenticationInfo", "authorizationInfo"] };
        // As the standard has it for its other consumers.
        return Shapes[Shapes.Keys.Single(one => one.Method == operation.Method && one.Path == operation.Path)];
    }

    private static OperationShape Body<T>(int status) => new() { Request = typeof(T), Status = status, Answer = typeof(T) };

    private static OperationShape Get<T>() => new() { Status = 200, Answer = typeof(T) };
}
