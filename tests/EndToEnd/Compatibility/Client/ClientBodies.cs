using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Bodies with everything in them that OpenCAPIF's clients send, be it meaningful or not (contract, 4).</summary>
internal static class ClientBodies
{
    public static JsonObject Invoker(ClientParty party, string destination = "http://host.docker.internal:8086/netapp_callback") => new()
    {
        ["notificationDestination"] = destination,
        ["supportedFeatures"] = "fffffff",
        ["apiInvokerInformation"] = "invoker",
        ["websockNotifConfig"] = new JsonObject { ["requestWebsocketUri"] = true, ["websocketUri"] = "websocketUri" },
        ["onboardingInformation"] = new JsonObject
        {
            ["apiInvokerPublicKey"] = party.SigningRequest(),
            ["onboardingSecret"] = "onboardingSecret",
            ["apiInvokerCertificate"] = "apiInvokerCertificate",
        },
        ["requestTestNotification"] = true,
    };

    public static JsonObject Provider(ClientUser user, IEnumerable<(string Role, string Info, ClientParty Party)> functions) => new()
    {
        ["regSec"] = user.Token,
        ["apiProvFuncs"] = new JsonArray([.. functions.Select(one => (JsonNode)new JsonObject
        {
            ["regInfo"] = new JsonObject { ["apiProvPubKey"] = one.Party.SigningRequest() },
            ["apiProvFuncRole"] = one.Role,
            ["apiProvFuncInfo"] = one.Info,
        })]),
        ["apiProvDomInfo"] = "This is provider",
        ["suppFeat"] = "fff",
        ["failReason"] = "string",
    };

    public static JsonObject Service(string name, string aefId, string features = "0", string method = "OAUTH") => new()
    {
        ["apiName"] = name,
        ["aefProfiles"] = new JsonArray(Profile(aefId, method)),
        ["description"] = "ROBOT_TEST",
        ["supportedFeatures"] = features,
        ["shareableInfo"] = new JsonObject { ["isShareable"] = true, ["capifProvDoms"] = new JsonArray("string") },
        ["serviceAPICategory"] = "string",
        ["apiSuppFeats"] = "fffff",
        ["pubApiPath"] = new JsonObject { ["ccfIds"] = new JsonArray("string") },
        ["ccfId"] = "string",
    };

    public static JsonObject Profile(string aefId, string method = "OAUTH") => new()
    {
        ["aefId"] = aefId,
        ["versions"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["expiry"] = "2021-11-30T10:32:02.004000+00:00",
            ["resources"] = new JsonArray(new JsonObject
            {
                ["resourceName"] = "string",
                ["commType"] = "REQUEST_RESPONSE",
                ["uri"] = "string",
                ["custOpName"] = "string",
                ["operations"] = new JsonArray("GET"),
                ["description"] = "string",
            }),
            ["custOperations"] = new JsonArray(new JsonObject
            {
                ["commType"] = "REQUEST_RESPONSE",
                ["custOpName"] = "string",
                ["operations"] = new JsonArray("GET"),
                ["description"] = "string",
            }),
        }),
        ["protocol"] = "HTTP_1_1",
        ["dataFormat"] = "JSON",
        ["securityMethods"] = new JsonArray(method),
        ["interfaceDescriptions"] = new JsonArray(new JsonObject { ["ipv4Addr"] = "string", ["port"] = 65535, ["securityMethods"] = new JsonArray(method) }),
    };

    public static JsonObject Context(params (string AefId, string ApiId)[] entries) => new()
    {
        ["notificationDestination"] = "http://host.docker.internal:8086/security",
        ["supportedFeatures"] = "fffffff",
        ["securityInfo"] = new JsonArray([.. entries.Select(one => (JsonNode)new JsonObject
        {
            ["authenticationInfo"] = "string",
            ["authorizationInfo"] = "string",
            ["aefId"] = one.AefId,
            ["apiId"] = one.ApiId,
            ["prefSecurityMethods"] = new JsonArray("PSK", "PKI", "OAUTH"),
        })]),
        ["websockNotifConfig"] = new JsonObject { ["requestWebsocketUri"] = true, ["websocketUri"] = "websocketUri" },
        ["requestTestNotification"] = true,
    };

    public static JsonObject Log(string aefId, string invokerId, string apiId, string apiName, params (string Version, string Result)[] entries) => new()
    {
        ["aefId"] = aefId,
        ["apiInvokerId"] = invokerId,
        ["logs"] = new JsonArray([.. entries.Select(one => (JsonNode)new JsonObject
        {
            ["apiId"] = apiId,
            ["apiName"] = apiName,
            ["apiVersion"] = one.Version,
            ["resourceName"] = "resourceName",
            ["uri"] = "http://resource/endpoint",
            ["protocol"] = "HTTP_1_1",
            ["operation"] = "GET",
            ["result"] = one.Result,
            ["invocationTime"] = "2023-03-30T10:30:21.408000+00:00",
            ["invocationLatency"] = 10,
            ["inputParameters"] = "string",
            ["outputParameters"] = "string",
            ["srcInterface"] = new JsonObject { ["ipv4Addr"] = "192.168.1.1", ["port"] = 8080, ["securityMethods"] = new JsonArray("PSK", "PKI") },
            ["destInterface"] = new JsonObject { ["ipv4Addr"] = "192.168.1.23", ["port"] = 8080, ["securityMethods"] = new JsonArray("PSK", "PKI") },
            ["fwdInterface"] = "string",
        })]),
        ["supportedFeatures"] = "ffff",
    };

    public static JsonObject Subscription(string destination, string? features, string[] events, JsonArray? filters = null)
    {
        var body = new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(one => (JsonNode)one)]),
            ["notificationDestination"] = destination,
            ["requestTestNotification"] = true,
            ["websockNotifConfig"] = new JsonObject { ["requestWebsocketUri"] = true, ["websocketUri"] = "websocketUri" },
        };
        if (features is not null)
            body["supportedFeatures"] = features;
        if (filters is not null)
            body["eventFilters"] = filters;
        return body;
    }
}
