using CapifOrleans.Frontend.AccessControl;
using CapifOrleans.Frontend.Auditing;
using CapifOrleans.Frontend.Discover;
using CapifOrleans.Frontend.Events;
using CapifOrleans.Frontend.InvokerManagement;
using CapifOrleans.Frontend.Logging;
using CapifOrleans.Frontend.Pki;
using CapifOrleans.Frontend.ProviderManagement;
using CapifOrleans.Frontend.Publish;
using CapifOrleans.Frontend.Routing;
using CapifOrleans.Frontend.Security;

namespace CapifOrleans.Frontend.Hosting;

/// <summary>Every endpoint of the core listener, feature by feature.</summary>
internal static class CoreEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, CoreListenerOptions options)
    {
        InvokerEndpoints.Map(endpoints, options.OnboardingApproval);
        ProviderEndpoints.Map(endpoints);
        PublishEndpoints.Map(endpoints);
        DiscoverEndpoints.Map(endpoints);
        OpenDiscoverEndpoints.Map(endpoints);
        RoutingEndpoints.Map(endpoints);
        HelperEndpoints.Map(endpoints, options.HelperCcfId);
        SecurityEndpoints.Map(endpoints, options.AuthorizationServer);
        EventEndpoints.Map(endpoints);
        NotificationEndpoints.Map(endpoints);
        AccessControlEndpoints.Map(endpoints);
        LoggingEndpoints.Map(endpoints);
        AuditingEndpoints.Map(endpoints);
        PkiEndpoints.Map(endpoints, options.TokenKeys);
    }
}
