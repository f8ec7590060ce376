using CapifOrleans.Discover;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Publish;
using Operation = CapifOrleans.Frontend.Operations.Operation;

namespace CapifOrleans.Frontend.OpenApi;

/// <summary>The type of a query parameter that is more than a text.</summary>
/// <param name="Type">The type, or its items'.</param>
/// <param name="IsList">Whether it is a list of that type.</param>
/// <param name="IsJson">Whether it is written as JSON (29.122 5.2.12), else as a text, or texts with commas between.</param>
internal sealed record ParameterShape(Type Type, bool IsList = false, bool IsJson = false);

/// <summary>The types of query parameters by name: a name means the same in every API, but for two in open discovery.</summary>
internal static class ParameterShapes
{
    private static readonly Dictionary<string, ParameterShape> Shapes = new(StringComparer.Ordinal)
    {
        ["comm-type"] = new(typeof(CommunicationType)),
        ["protocol"] = new(typeof(Protocol)),
        ["protocols"] = new(typeof(Protocol), IsList: true),
        ["data-format"] = new(typeof(DataFormat)),
        ["api-supported-features"] = new(typeof(SupportedFeatures)),
        ["supported-features"] = new(typeof(SupportedFeatures)),
        ["supp-feat"] = new(typeof(SupportedFeatures)),
        ["api-ids"] = new(typeof(string), IsList: true),
        ["api-names"] = new(typeof(string), IsList: true),
        ["api-cats"] = new(typeof(string), IsList: true),
        ["api-prov-names"] = new(typeof(string), IsList: true),
        ["preferred-aef-loc"] = new(typeof(AefLocation), IsJson: true),
        ["ue-ip-addr"] = new(typeof(IpAddrInfo), IsJson: true),
        ["service-kpis"] = new(typeof(ServiceKpis), IsJson: true),
        ["net-slice-info"] = new(typeof(NetSliceId), IsList: true, IsJson: true),
        ["grant-types"] = new(typeof(OAuthGrantType), IsList: true, IsJson: true),
        ["res-ops"] = new(typeof(ResOperInfo), IsList: true),
    };

    /// <summary>The type of a parameter; null for a text.</summary>
    public static ParameterShape? Of(Operation operation, string name) => (operation == OperationTable.OpenDiscoverServiceApi, name) switch
    {
        (true, "service-kpis") => new ParameterShape(typeof(ServiceKpis)),
        // A map; its members are parameters of their own.
        (true, "api-supported-features") => null,
        _ => Shapes.GetValueOrDefault(name),
    };
}
