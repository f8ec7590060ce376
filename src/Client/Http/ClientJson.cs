using System.Text.Json.Serialization;

namespace CapifOrleans.Client;

/// <summary>
/// The JSON of what is sent and received. Attributes that are not known are kept or passed over, and values of enumerations that are not
/// known are no fault: another core function may be of another release (TS 29.500 6.6.2).
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(EnrolmentAnswer))]
[JsonSerializable(typeof(EnrolmentDetails))]
[JsonSerializable(typeof(OnboardingNotification))]
[JsonSerializable(typeof(DiscoveredApis))]
[JsonSerializable(typeof(ServiceSecurity))]
[JsonSerializable(typeof(SecurityNotification))]
[JsonSerializable(typeof(AefPskInformation))]
[JsonSerializable(typeof(AccessTokenRsp))]
[JsonSerializable(typeof(CheckAuthenticationReq))]
[JsonSerializable(typeof(SecurityMethod[]))]
[JsonSerializable(typeof(StoredInvoker))]
[JsonSerializable(typeof(StoredSecrets))]
internal sealed partial class ClientJson : JsonSerializerContext;
