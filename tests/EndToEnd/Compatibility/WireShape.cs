using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>
/// The types by which OpenCAPIF's clients check answers: an attribute that a type does not have is a fault, so is one that it must have and lacks,
/// and so is null. An attribute with an exclamation mark must be there; a colon names the type of what it holds.
/// </summary>
internal static class WireShape
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["ProblemDetails"] = "type title status detail instance cause invalidParams:InvalidParam supportedFeatures",
        ["InvalidParam"] = "param! reason",
        ["OAuthError"] = "error! error_description error_uri",
        ["AccessTokenRsp"] = "access_token! token_type! expires_in! scope",
        ["APIInvokerEnrolmentDetails"] = "apiInvokerId! onboardingInformation!:OnboardingInformation notificationDestination! requestTestNotification "
            + "websockNotifConfig apiList apiInvokerInformation supportedFeatures",
        ["OnboardingInformation"] = "apiInvokerPublicKey! apiInvokerCertificate onboardingSecret",
        ["APIProviderEnrolmentDetails"] = "apiProvDomId! regSec! apiProvFuncs:APIProviderFunctionDetails apiProvDomInfo suppFeat failReason",
        ["APIProviderFunctionDetails"] = "apiProvFuncId! regInfo!:RegistrationInformation apiProvFuncRole! apiProvFuncInfo",
        ["RegistrationInformation"] = "apiProvPubKey! apiProvCert!",
        ["ServiceAPIDescription"] = "apiName! apiId apiStatus aefProfiles:AefProfile description supportedFeatures shareableInfo serviceAPICategory "
            + "apiSuppFeats pubApiPath ccfId",
        ["AefProfile"] = "aefId! versions! protocol dataFormat securityMethods domainName interfaceDescriptions",
        ["DiscoveredAPIs"] = "serviceAPIDescriptions!:ServiceAPIDescription",
        ["ServiceSecurity"] = "securityInfo!:SecurityInformation notificationDestination! requestTestNotification websockNotifConfig supportedFeatures",
        ["SecurityInformation"] = "interfaceDetails aefId apiId prefSecurityMethods! selSecurityMethod authenticationInfo authorizationInfo",
        ["AccessControlPolicyList"] = "apiInvokerPolicies:ApiInvokerPolicy",
        ["ApiInvokerPolicy"] = "apiInvokerId! allowedTotalInvocations! allowedInvocationsPerSecond! allowedInvocationTimeRangeList!:TimeRangeList",
        ["TimeRangeList"] = "startTime! stopTime!",
        ["InvocationLog"] = "aefId! apiInvokerId! logs!:Log supportedFeatures",
        ["Log"] = "apiId! apiName! apiVersion! resourceName! uri protocol! operation result! invocationTime invocationLatency inputParameters "
            + "outputParameters srcInterface destInterface fwdInterface",
        ["EventSubscription"] = "events! eventFilters eventReq notificationDestination! requestTestNotification websockNotifConfig supportedFeatures",
        ["EventNotification"] = "subscriptionId! events! eventDetail:CAPIFEventDetail",
        ["CAPIFEventDetail"] = "serviceAPIDescriptions:ServiceAPIDescription apiIds apiInvokerIds accCtrlPolList invocationLogs:InvocationLog apiTopoHide",
    };

    /// <summary>Checks a value against its type.</summary>
    public static void Check(string type, JsonNode? value)
    {
        if (value is JsonArray items)
        {
            Assert.All(items, item => Check(type, item));
            return;
        }

        var given = Assert.IsType<JsonObject>(value);
        var attributes = Types[type].Split(' ').Select(text => text.Split(':')).ToDictionary(
            parts => parts[0].TrimEnd('!'), parts => (IsNeeded: parts[0].EndsWith('!'), Type: parts.Length > 1 ? parts[1] : null));
        foreach (var (name, held) in given)
        {
            if (type is "ServiceAPIDescription" or "AefProfile" && name.StartsWith("vendorSpecific-", StringComparison.Ordinal))
                continue;
            Assert.True(attributes.TryGetValue(name, out var attribute), $"{type} has no {name}: {value!.ToJsonString()}");
            Assert.True(held is not null, $"{type}.{name} is null");
            if (attribute.Type is { } inner)
                Check(inner, held);
        }

        foreach (var (name, _) in attributes.Where(one => one.Value.IsNeeded))
            Assert.True(given.ContainsKey(name), $"{type} needs {name}: {value!.ToJsonString()}");
    }
}
