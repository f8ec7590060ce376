using CapifOrleans.Frontend.AccessControl;
using static CapifOrleans.Frontend.Operations.OwnerRule;

namespace CapifOrleans.Frontend.Operations;

/// <summary>
/// Who may call what: one row an operation (consumers as TS 29.222 table 5.1-1 and 23.222 table 10.1-1 name them). A test fails for an
/// endpoint without a row and for a row without an endpoint.
/// </summary>
public static partial class OperationTable
{
    private const string Invokers = "/api-invoker-management/v1/onboardedInvokers";
    private const string Providers = "/api-provider-management/v1/registrations";
    private const string Published = "/published-apis/v1/{apfId}/service-apis";
    private const string Trusted = "/capif-security/v1/trustedInvokers/{apiInvokerId}";
    private const string Subscriptions = "/capif-events/v1/{subscriberId}/subscriptions";

    private static readonly ImmutableArray<CallerRole> Invoker = [CallerRole.ApiInvoker];
    private static readonly ImmutableArray<CallerRole> InvokerOrOperator = [CallerRole.ApiInvoker, CallerRole.Superadmin];
    private static readonly ImmutableArray<CallerRole> Amf = [CallerRole.Amf];
    private static readonly ImmutableArray<CallerRole> AmfOrOperator = [CallerRole.Amf, CallerRole.Superadmin];
    private static readonly ImmutableArray<CallerRole> Apf = [CallerRole.Apf];
    private static readonly ImmutableArray<CallerRole> Aef = [CallerRole.Aef];
    private static readonly ImmutableArray<CallerRole> Subscriber = [CallerRole.ApiInvoker, CallerRole.Amf, CallerRole.Apf, CallerRole.Aef];

    // The standard has no words for what is not there; these are those that OpenCAPIF's clients compare.
    private static readonly Refusal NoInvoker =
        Refusal.NotFound("Please provide an existing Network App ID", "Network App ID does not exist");

    private static readonly Refusal NoProvider = Refusal.NotFound("Please provide an existing API Provider ID", "API Provider ID does not exist");
    private static readonly Refusal NoApf = Refusal.NotFound("Please provide an existing APF ID", "Certificate not found for APF");
    private static readonly Refusal NoDiscoverer = Refusal.NotFound("Please provide an existing Network App ID", "Certificate not found for invoker");
    private static readonly Refusal NoTrustedInvoker = Refusal.NotFound("Invoker not found", "API Invoker not exists or invalid ID");
    private static readonly Refusal NoContext = Refusal.NotFound("Security context not found", "API Invoker has no security context");
    private static readonly Refusal NoExposer = Refusal.NotFound("Exposer not exist", "Exposer id not found");

    private static readonly Refusal NoSubscriber =
        Refusal.NotFound("Please provide an existing Subscriber ID", "Certificate not found for Invoker or APF or AEF or AMF");

    // API invoker management, 29.222 5.5.
    /// <summary>Onboarding.</summary>
    public static Operation OnboardApiInvoker { get; } =
        Credential("Onboard_API_Invoker", "CAPIF_API_Invoker_Management_API", "POST", Invokers, "29.222 5.5.2.2, 33.122 6.1");

    /// <summary>Update.</summary>
    public static Operation UpdateApiInvoker { get; } =
        Certificate("Update_API_Invoker_Details", OnboardApiInvoker.Api, "PUT", Invokers + "/{onboardingId}", "29.222 5.5.2.5",
            Invoker, PathIsCaller("onboardingId")) with
        { Stranger = NoInvoker };

    /// <summary>Partial update.</summary>
    public static Operation PatchApiInvoker { get; } = UpdateApiInvoker with { Method = "PATCH" };

    /// <summary>Offboarding. The operator's administrator may offboard as well (33.122 6.8 leaves the trigger open).</summary>
    public static Operation OffboardApiInvoker { get; } =
        Certificate("Offboard_API_Invoker", OnboardApiInvoker.Api, "DELETE", Invokers + "/{onboardingId}", "29.222 5.5.2.3, 33.122 6.8",
            InvokerOrOperator, PathIsCaller("onboardingId")) with
        { Stranger = NoInvoker };

    // API provider management, 29.222 5.11.
    /// <summary>Registration.</summary>
    public static Operation RegisterApiProvider { get; } =
        Credential("Register_API_Provider", "CAPIF_API_Provider_Management_API", "POST", Providers, "29.222 5.11.2.2");

    /// <summary>Update of a registration.</summary>
    public static Operation UpdateApiProvider { get; } =
        Certificate("Update_API_Provider", RegisterApiProvider.Api, "PUT", Providers + "/{registrationId}", "29.222 5.11.2.3",
            Amf, PathIsCallersDomain("registrationId")) with
        { Stranger = NoProvider };

    /// <summary>Partial update of a registration.</summary>
    public static Operation PatchApiProvider { get; } = UpdateApiProvider with { Method = "PATCH" };

    /// <summary>Deregistration.</summary>
    public static Operation DeregisterApiProvider { get; } =
        Certificate("Deregister_API_Provider", RegisterApiProvider.Api, "DELETE", Providers + "/{registrationId}", "29.222 5.11.2.4",
            AmfOrOperator, PathIsCallersDomain("registrationId")) with
        { Stranger = NoProvider };

    // Publish, 29.222 5.3.
    /// <summary>Publishing.</summary>
    public static Operation PublishServiceApi { get; } =
        Certificate("Publish_Service_API", "CAPIF_Publish_Service_API", "POST", Published, "29.222 5.3.2.2", Apf, PathIsCaller("apfId")) with
        { Stranger = NoApf };

    /// <summary>All that an APF published.</summary>
    public static Operation GetServiceApis { get; } =
        PublishServiceApi with { Name = "Get_Service_API", Method = "GET", Clause = "29.222 5.3.2.4", IsSecurityDecision = false };

    /// <summary>One of them.</summary>
    public static Operation GetServiceApi { get; } = GetServiceApis with { Path = Published + "/{serviceApiId}" };

    /// <summary>Update.</summary>
    public static Operation UpdateServiceApi { get; } =
        Certificate("Update_Service_API", PublishServiceApi.Api, "PUT", Published + "/{serviceApiId}", "29.222 5.3.2.3",
            Apf, PathIsCaller("apfId")) with
        { Stranger = NoApf };

    /// <summary>Partial update.</summary>
    public static Operation PatchServiceApi { get; } = UpdateServiceApi with { Method = "PATCH" };

    /// <summary>Unpublishing.</summary>
    public static Operation UnpublishServiceApi { get; } =
        UpdateServiceApi with { Name = "Unpublish_Service_API", Method = "DELETE", Clause = "29.222 5.3.2.5" };

    // Discover, 29.222 5.2.
    /// <summary>Discovery.</summary>
    public static Operation DiscoverServiceApi { get; } =
        Certificate("Discover_Service_API", "CAPIF_Discover_Service_API", "GET", "/service-apis/v1/allServiceAPIs", "29.222 5.2.2.2",
            Invoker, QueryIsCaller("api-invoker-id")) with
        { IsSecurityDecision = false, Stranger = NoDiscoverer };

    // Open discovery, 29.222 5.13.
    /// <summary>Open discovery, before onboarding: who has an enrolment credential (8.11.8 leaves its security open).</summary>
    public static Operation OpenDiscoverServiceApi { get; } =
        Credential("Open_Discover_Service_API", "CAPIF_Open_Discover_Service_API", "GET", "/open-api-disc/v1/service-apis", "29.222 5.13.2.2") with
        { IsSecurityDecision = false };

    // Routing information, 29.222 5.12.
    /// <summary>What a hiding AEF asks of those behind it.</summary>
    public static Operation ObtainRoutingInfo { get; } =
        Certificate("Obtain_Routing_Info", "CAPIF_Routing_Info_API", "GET", "/capif-routing-info/v1/service-apis/{serviceApiId}", "29.222 5.12.2.2",
            Aef, QueryIsCaller("aef-id")) with
        { IsSecurityDecision = false };

    // Security, 29.222 5.6.
    /// <summary>Negotiation of security methods.</summary>
    public static Operation ObtainSecurityMethod { get; } =
        Certificate("Obtain_Security_Method", "CAPIF_Security_API", "PUT", Trusted, "29.222 5.6.2.2, 33.122 6.3.1.2",
            Invoker, PathIsCaller("apiInvokerId")) with
        { Stranger = NoTrustedInvoker };

    /// <summary>Negotiation anew.</summary>
    public static Operation UpdateSecurityMethod { get; } = ObtainSecurityMethod with { Method = "POST", Path = Trusted + "/update" };

    /// <summary>Access token.</summary>
    public static Operation ObtainAuthorization { get; } =
        Certificate("Obtain_Authorization", ObtainSecurityMethod.Api, "POST", "/capif-security/v1/securities/{securityId}/token",
            "29.222 5.6.2.3, 33.122 C.3", Invoker, PathIsCaller("securityId")) with
        { Stranger = NoContext };

    /// <summary>An AEF's question for an API invoker's security information.</summary>
    public static Operation ObtainApiInvokerInfo { get; } =
        Certificate("Obtain_API_Invoker_Info", ObtainSecurityMethod.Api, "GET", Trusted, "29.222 5.6.2.4", Aef, Anybody);

    /// <summary>Revocation of all authorizations at one AEF.</summary>
    public static Operation RevokeAllAuthorization { get; } =
        Certificate("Revoke_Authorization", ObtainSecurityMethod.Api, "DELETE", Trusted, "29.222 5.6.2.5", Aef, Anybody);

    /// <summary>Revocation of some.</summary>
    public static Operation RevokeAuthorization { get; } = RevokeAllAuthorization with { Method = "POST", Path = Trusted + "/delete" };

    // Events, 29.222 5.4.
    /// <summary>Subscription.</summary>
    public static Operation SubscribeEvent { get; } =
        Certificate("Subscribe_Event", "CAPIF_Events_API", "POST", Subscriptions, "29.222 5.4.2.2", Subscriber, PathIsCaller("subscriberId")) with
        { Stranger = NoSubscriber };

    /// <summary>Update of a subscription.</summary>
    public static Operation UpdateEventSubscription { get; } =
        SubscribeEvent with { Name = "Update_Event_Subscription", Method = "PUT", Path = Subscriptions + "/{subscriptionId}", Clause = "29.222 5.4.2.5" };

    /// <summary>Partial update of a subscription.</summary>
    public static Operation PatchEventSubscription { get; } = UpdateEventSubscription with { Method = "PATCH" };

    /// <summary>End of a subscription.</summary>
    public static Operation UnsubscribeEvent { get; } =
        UpdateEventSubscription with { Name = "Unsubscribe_Event", Method = "DELETE", Clause = "29.222 5.4.2.3" };

    /// <summary>The websocket of a subscriber's notifications. Its grain knows whose it is.</summary>
    public static Operation ConnectNotifications { get; } =
        Certificate("Connect_Notifications", "", "GET", "/capif-notifications/v1/{channelId}", "29.122 5.2.5.4", Subscriber, Anybody);

    // Access control policies, 29.222 5.10.
    /// <summary>An AEF's question for the policies that it has to hold.</summary>
    public static Operation ObtainAccessControlPolicy { get; } =
        Certificate("Obtain_Access_Control_Policy", "CAPIF_Access_Control_Policy_API", "GET",
            "/access-control-policy/v1/accessControlPolicyList/{serviceApiId}", "29.222 5.10.2.2", Aef, QueryIsCaller("aef-id")) with
        { StrangerOf = AccessControlEndpoints.NoPolicies };

    // Logging and auditing, 29.222 5.8 and 5.9.
    /// <summary>Invocation log.</summary>
    public static Operation LogApiInvocation { get; } =
        Certificate("Log_API_Invocation", "CAPIF_Logging_API_Invocation_API", "POST", "/api-invocation-logs/v1/{aefId}/logs",
            "29.222 5.8.2.2", Aef, PathIsCaller("aefId")) with
        { MaxBodySize = 1024 * 1024, Stranger = NoExposer };

    /// <summary>Audit.</summary>
    public static Operation QueryApiInvocationLog { get; } =
        Certificate("Query_API_Invocation_Log", "CAPIF_Auditing_API", "GET", "/logs/v1/apiInvocationLogs", "29.222 5.9.2.2", Amf, Anybody);

    // What others need to trust this core function: outside 29.222.
    /// <summary>The certificate revocation list of the issuing CA (RFC 5280).</summary>
    public static Operation GetCertificateRevocationList { get; } = Open("Get_Certificate_Revocation_List", "/pki/issuing.crl", "RFC 5280 5");

    /// <summary>The keys that sign access tokens (RFC 7517), for AEFs (33.122 6.5.2.3 step 7 leaves open how they get them).</summary>
    public static Operation GetTokenKeys { get; } = Open("Get_Token_Keys", "/.well-known/jwks.json", "RFC 7517 5");

    // The helper interface: OpenCAPIF's, outside 29.222.
    /// <summary>The core function's identifier.</summary>
    public static Operation GetCcfIdentifier { get; } = Helper("Get_CCF_Identifier", "GET", "/helper/api/getCcfId");

    /// <summary>All service APIs that are published; an AMF's own domain's.</summary>
    public static Operation ListServiceApis { get; } = Helper("List_Service_APIs", "GET", "/helper/api/getServices");

    /// <summary>A new visibility rule.</summary>
    public static Operation CreateVisibilityRule { get; } =
        Helper("Create_Visibility_Rule", "POST", "/helper/visibility-control/rules") with { IsSecurityDecision = true };

    /// <summary>The visibility rules.</summary>
    public static Operation ListVisibilityRules { get; } = Helper("List_Visibility_Rules", "GET", CreateVisibilityRule.Path);

    /// <summary>One of them.</summary>
    public static Operation GetVisibilityRule { get; } = Helper("Get_Visibility_Rule", "GET", CreateVisibilityRule.Path + "/{ruleId}");

    /// <summary>Its change.</summary>
    public static Operation UpdateVisibilityRule { get; } =
        Helper("Update_Visibility_Rule", "PATCH", GetVisibilityRule.Path) with { IsSecurityDecision = true };

    /// <summary>Its end.</summary>
    public static Operation DeleteVisibilityRule { get; } =
        Helper("Delete_Visibility_Rule", "DELETE", GetVisibilityRule.Path) with { IsSecurityDecision = true };

    /// <summary>Every row.</summary>
    public static ImmutableArray<Operation> Rows { get; } =
    [
        OnboardApiInvoker, UpdateApiInvoker, PatchApiInvoker, OffboardApiInvoker,
        RegisterApiProvider, UpdateApiProvider, PatchApiProvider, DeregisterApiProvider,
        PublishServiceApi, GetServiceApis, GetServiceApi, UpdateServiceApi, PatchServiceApi, UnpublishServiceApi,
        DiscoverServiceApi, OpenDiscoverServiceApi, ObtainRoutingInfo,
        ObtainSecurityMethod, UpdateSecurityMethod, ObtainAuthorization, ObtainApiInvokerInfo, RevokeAllAuthorization, RevokeAuthorization,
        SubscribeEvent, UpdateEventSubscription, PatchEventSubscription, UnsubscribeEvent, ConnectNotifications,
        ObtainAccessControlPolicy,
        LogApiInvocation, QueryApiInvocationLog,
        GetCertificateRevocationList, GetTokenKeys,
        GetCcfIdentifier, ListServiceApis,
        CreateVisibilityRule, ListVisibilityRules, GetVisibilityRule, UpdateVisibilityRule, DeleteVisibilityRule,
    ];

    private static Operation Credential(string name, string api, string method, string path, string clause) => new()
    {
        Name = name,
        Api = api,
        Method = method,
        Path = path,
        Clause = clause,
        Authentication = CallerAuthentication.EnrolmentCredential,
        IsSecurityDecision = true,
    };

    private static Operation Certificate(
        string name, string api, string method, string path, string clause, ImmutableArray<CallerRole> roles, OwnerRule owner) => new()
        {
            Name = name,
            Api = api,
            Method = method,
            Path = path,
            Clause = clause,
            Authentication = CallerAuthentication.ClientCertificate,
            Roles = roles,
            Owner = owner,
            IsSecurityDecision = true,
        };

    private static Operation Helper(string name, string method, string path) =>
        Certificate(name, "", method, path, "23.222 8.7.3", AmfOrOperator, Anybody) with { IsSecurityDecision = false };

    private static Operation Open(string name, string path, string clause) => new()
    {
        Name = name,
        Api = "",
        Method = "GET",
        Path = path,
        Clause = clause,
        Authentication = CallerAuthentication.None,
    };
}
