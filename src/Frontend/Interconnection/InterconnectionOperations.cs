using CapifOrleans.Frontend.Operations;
using static CapifOrleans.Frontend.Operations.OwnerRule;

namespace CapifOrleans.Frontend.Interconnection;

/// <summary>
/// Who may call what on the interconnection listener: peers, each for itself. The operations are TS 29.222's own, with the core function where an APF,
/// API invoker or AEF stands otherwise (T20 table 5.1-1 has CCF among their consumers).
/// </summary>
public static class InterconnectionOperations
{
    /// <summary>The document that describes them.</summary>
    public const string Api = "CAPIF_Interconnection";

    private static readonly ImmutableArray<CallerRole> Ccf = [CallerRole.Ccf];

    /// <summary>A peer publishes; its ccfId stands where the apfId does (29.222 5.3.2.2.3).</summary>
    public static Operation PublishServiceApi { get; } = Of(OperationTable.PublishServiceApi, "29.222 5.3.2.2.3, 23.222 8.25.2.1", PathIsCaller("apfId"));

    /// <summary>What a peer published here.</summary>
    public static Operation GetServiceApis { get; } = Of(OperationTable.GetServiceApis, "29.222 5.3.2.4, 23.222 8.25.2.7", PathIsCaller("apfId"));

    /// <summary>One of them.</summary>
    public static Operation GetServiceApi { get; } = Of(OperationTable.GetServiceApi, "29.222 5.3.2.4", PathIsCaller("apfId"));

    /// <summary>Update.</summary>
    public static Operation UpdateServiceApi { get; } = Of(OperationTable.UpdateServiceApi, "29.222 5.3.2.3, 23.222 8.25.2.9", PathIsCaller("apfId"));

    /// <summary>Partial update.</summary>
    public static Operation PatchServiceApi { get; } = Of(OperationTable.PatchServiceApi, "29.222 5.3.2.3", PathIsCaller("apfId"));

    /// <summary>Withdrawal.</summary>
    public static Operation UnpublishServiceApi { get; } = Of(OperationTable.UnpublishServiceApi, "29.222 5.3.2.5, 23.222 8.25.2.5", PathIsCaller("apfId"));

    /// <summary>A peer forwards a negotiation of an API invoker of its (seed 003 6.X.2).</summary>
    public static Operation ObtainSecurityMethod { get; } = Of(OperationTable.ObtainSecurityMethod, "29.222 5.6.2.2, 33.122 6.X.2", Anybody);

    /// <summary>A peer gets a token for an API invoker of its (seed 003 6.X.3.2).</summary>
    public static Operation ObtainAuthorization { get; } = Of(OperationTable.ObtainAuthorization, "29.222 5.6.2.3, 33.122 6.X.3.2", Anybody);

    /// <summary>A peer asks for the security information of an API invoker of ours, for an AEF of its (seed 003 6.X.3.1).</summary>
    public static Operation ObtainApiInvokerInfo { get; } = Of(OperationTable.ObtainApiInvokerInfo, "29.222 5.6.2.4, 33.122 6.X.3.1", Anybody);

    /// <summary>A peer ends all authorizations of an API invoker, its own or ours.</summary>
    public static Operation RevokeAllAuthorization { get; } = Of(OperationTable.RevokeAllAuthorization, "29.222 5.6.2.5, 23.222 8.25.3.8", Anybody);

    /// <summary>A peer ends some.</summary>
    public static Operation RevokeAuthorization { get; } = Of(OperationTable.RevokeAuthorization, "29.222 5.6.2.5, 23.222 8.25.3.8", Anybody);

    /// <summary>Every row.</summary>
    public static ImmutableArray<Operation> Rows { get; } =
    [
        PublishServiceApi, GetServiceApis, GetServiceApi, UpdateServiceApi, PatchServiceApi, UnpublishServiceApi,
        ObtainSecurityMethod, ObtainAuthorization, ObtainApiInvokerInfo, RevokeAllAuthorization, RevokeAuthorization,
    ];

    // Whatever a peer is told or does is a security decision.
    private static Operation Of(Operation operation, string clause, OwnerRule owner) =>
        operation with { Api = Api, Clause = clause, Roles = Ccf, Owner = owner, IsSecurityDecision = true };
}
