using CapifOrleans.Publish;

namespace CapifOrleans.Compatibility;

/// <summary>The profile of OpenCAPIF's clients, as data.</summary>
internal static class OpenCapifDialect
{
    private static readonly ImmutableArray<CallerRole> Superadmin = [CallerRole.Superadmin];
    private static readonly ImmutableArray<CallerRole> None = [];

    private static readonly Refusal NotOwner = Unauthorized("User not authorized", "You are not the owner of this resource");

    /// <summary>It.</summary>
    public static CompatibilityProfile Profile { get; } = new()
    {
        Name = "opencapif",
        AcceptsAnyPassword = true,
        AcceptsAnyAddress = true,
        NeedsSupportedFeatures = true,
        AllowsNewInvokerKey = true,
        IgnoresInvokerSecret = true,
        PatchesWithoutFeature = true,
        AcceptsApiIdWithoutFeature = true,
        AuditsOnePair = true,
        RepeatsFeatures = true,
        InvokerFeatures = SupportedFeatures.Of(3, 4, 6),
        SecurityFeatures = SupportedFeatures.Of(3),
        EventFeatures = SupportedFeatures.Of(3, 4),
        SecurityMethodOrder = [SecurityMethod.Oauth, SecurityMethod.Pki, SecurityMethod.Psk],
        ShowsShareableInformation = true,
        DiscoversWithoutFeatures = true,
        RepeatsSecurityInformation = true,
        WritesPoliciesOut = true,
        TellsEverybodyOfEvents = true,
        TellsUnchangedPolicies = true,
        TellsEndsWithoutDetail = true,
        DeletesWithoutRevocation = true,
        RefusesGrantTypeByProblem = true,
        UnknownServiceApi = NotOwner,
        UnknownSubscription = NotOwner,
        ForeignLog = Refusal.Exactly(ErrorKind.Unauthenticated, "AEF id not matching in request and body", "Not identical AEF id", "aefId"),
        Operations = ByName(),
    };

    private static ImmutableDictionary<string, OperationDialect> ByName()
    {
        const string Route = "Role not authorized for this API route";
        const string User = "User not authorized";
        const string Certificate = "Certificate not authorized";
        var operations = ImmutableDictionary.CreateBuilder<string, OperationDialect>(StringComparer.Ordinal);

        Add(Superadmin, Unauthorized(Route, "User role must be invoker"),
            "Update_API_Invoker_Details", "Offboard_API_Invoker", "Obtain_Security_Method");
        Add(Superadmin, Unauthorized(Route, "User role must be amf"), "Update_API_Provider", "Deregister_API_Provider");
        Add(None, Unauthorized(User, Certificate), "Discover_Service_API");
        foreach (var name in new[] { "Publish_Service_API", "Get_Service_API", "Update_Service_API", "Unpublish_Service_API" })
            operations[name] = new OperationDialect { WrongRole = Unauthorized(User, Certificate), Stranger = ErrorKind.Unauthenticated };
        Add(Superadmin, Unauthorized(Route, Certificate), "Obtain_Access_Control_Policy");
        Add(None, Unauthorized(Route, Certificate), "Obtain_Routing_Info");
        // An AEF's operations without an AEF in the request: there is nobody whose part the operator could take.
        Add(None, Unauthorized(Route, "User role must be aef"), "Obtain_API_Invoker_Info", "Revoke_Authorization");
        Add(Superadmin, Refusal.Of(ErrorKind.OAuthWrongRole, Route), "Obtain_Authorization");
        Add(Superadmin, Unauthorized(Route, Certificate),
            "Subscribe_Event", "Update_Event_Subscription", "Unsubscribe_Event", "Connect_Notifications", "Log_API_Invocation");
        operations["Query_API_Invocation_Log"] = new OperationDialect
        {
            MoreRoles = Superadmin,
            WrongRole = Unauthorized(Route, "User role must be amf"),
            ActsForQuery = "aef-id",
        };
        Add(None, Unauthorized(Route, "User role must be superadmin or amf"),
            "Get_CCF_Identifier", "List_Service_APIs", "Create_Visibility_Rule", "List_Visibility_Rules", "Get_Visibility_Rule", "Update_Visibility_Rule",
            "Delete_Visibility_Rule");
        return operations.ToImmutable();

        void Add(ImmutableArray<CallerRole> more, Refusal wrongRole, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                operations[name] = new OperationDialect { MoreRoles = more, WrongRole = wrongRole };
        }
    }

    private static Refusal Unauthorized(string detail, string cause) => Refusal.Of(ErrorKind.Unauthenticated, detail, cause);
}
