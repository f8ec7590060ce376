using CapifOrleans.AccessControl;
using CapifOrleans.Auditing;
using CapifOrleans.Discover;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Logging;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;
using CapifOrleans.Routing;
using CapifOrleans.Security;

namespace CapifOrleans.Json;

/// <summary>The wire records for which reading and writing is generated; what they hold comes along.</summary>
[JsonSerializable(typeof(ApiInvokerEnrolmentDetails))]
[JsonSerializable(typeof(OnboardingNotification))]
[JsonSerializable(typeof(ApiProviderEnrolmentDetails))]
[JsonSerializable(typeof(ServiceApiDescription))]
[JsonSerializable(typeof(DiscoveredApis))]
[JsonSerializable(typeof(IpAddrInfo))]
[JsonSerializable(typeof(OpenDiscoveryResp))]
[JsonSerializable(typeof(RoutingInfo))]
[JsonSerializable(typeof(ResOperInfo))]
[JsonSerializable(typeof(VendorSpecificQuery))]
[JsonSerializable(typeof(ServiceSecurity))]
[JsonSerializable(typeof(SecurityNotification))]
[JsonSerializable(typeof(AccessTokenRsp))]
[JsonSerializable(typeof(ResOwnerId))]
[JsonSerializable(typeof(EventSubscription))]
[JsonSerializable(typeof(EventNotification))]
[JsonSerializable(typeof(TestNotification))]
[JsonSerializable(typeof(AccessControlPolicyListExt))]
[JsonSerializable(typeof(AccessControlPolicyList))]
[JsonSerializable(typeof(NetSliceId))]
[JsonSerializable(typeof(InvocationLog))]
[JsonSerializable(typeof(InvocationLogs))]
[JsonSerializable(typeof(VisibilityRule))]
[JsonSerializable(typeof(CheckAuthenticationReq))]
[JsonSerializable(typeof(CheckAuthenticationRsp))]
[JsonSerializable(typeof(RevokeAuthorizationReq))]
[JsonSerializable(typeof(RevokeAuthorizationRsp))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class WireJsonContext : JsonSerializerContext;
