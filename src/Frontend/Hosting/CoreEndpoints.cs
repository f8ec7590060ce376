using CapifOrleans.Frontend.Pki;

namespace CapifOrleans.Frontend.Hosting;

/// <summary>Every endpoint of the core listener, feature by feature.</summary>
internal static class CoreEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, CoreListenerOptions options)
    {
        PkiEndpoints.Map(endpoints, options.TokenKeys);
    }
}
