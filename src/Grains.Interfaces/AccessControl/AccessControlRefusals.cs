namespace CapifOrleans.AccessControl;

/// <summary>Refusals of the access control policy API, whose words the standard leaves open (29.222 8.6.5).</summary>
public static class AccessControlRefusals
{
    /// <summary>No policy: the service API, the AEF or the API invoker is unknown, or the AEF does not expose it.</summary>
    public static Refusal NoPolicies(string apiId, string aefId, string? apiInvokerId) => Refusal.NotFound(
        $"No ACLs found for the requested service: {apiId}, aef_id: {aefId}, invoker: {apiInvokerId ?? "None"} and supportedFeatures: None", "Wrong id");
}
