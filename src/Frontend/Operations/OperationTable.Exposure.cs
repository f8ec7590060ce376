using static CapifOrleans.Frontend.Operations.OwnerRule;

namespace CapifOrleans.Frontend.Operations;

/// <summary>The operations of AEF_Security (TS 29.222 6.2, 9.1), which an AEF serves at its own address.</summary>
public static partial class OperationTable
{
    private const string AefSecurity = "AEF_Security_API";

    /// <summary>
    /// An API invoker lets its authentication be prepared. It has no key for this AEF yet, so the transport proves the server only
    /// (33.122 6.5.2.1, 6.5.2.2); the answer says nothing of the API invoker.
    /// </summary>
    public static Operation InitiateAuthentication { get; } = new()
    {
        Name = "Initiate_Authentication",
        Api = AefSecurity,
        Method = "POST",
        Path = "/aef-security/v1/check-authentication",
        Clause = "29.222 6.2.2.2, 33.122 6.5.2",
        Authentication = CallerAuthentication.None,
        IsSecurityDecision = true,
    };

    /// <summary>A core function revokes an API invoker's authorization at the AEF.</summary>
    public static Operation RevokeAuthorizationAtAef { get; } =
        Certificate("Revoke_Authorization", AefSecurity, "POST", "/aef-security/v1/revoke-authorization", "29.222 6.2.2.3, 23.222 8.23.4",
            [CallerRole.Ccf], Anybody);

    /// <summary>Every row of what an AEF serves.</summary>
    public static ImmutableArray<Operation> ExposureRows { get; } = [InitiateAuthentication, RevokeAuthorizationAtAef];
}
