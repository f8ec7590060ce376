using CapifOrleans.Publish;

namespace CapifOrleans.Discover;

/// <summary>
/// Which API invokers discover which service APIs, as the operator or an API provider wants it (23.222 8.7.3: the core function applies a
/// discovery policy; what it is is left open). Names are those of OpenCAPIF's helper.
/// </summary>
[GenerateSerializer, Immutable, Alias("capif.VisibilityRule")]
public sealed record VisibilityRule
{
    /// <summary>Its identifier, given by the core function.</summary>
    [Id(0), JsonPropertyName("ruleId")]
    public string? RuleId { get; init; }

    /// <summary>The service APIs that it is about: every criterion that is there must hold.</summary>
    [Id(1), JsonPropertyName("providerSelector")]
    public required ProviderSelector ProviderSelector { get; init; }

    /// <summary>The API invokers for whom the contrary holds.</summary>
    [Id(2), JsonPropertyName("invokerExceptions")]
    public InvokerExceptions? InvokerExceptions { get; init; }

    /// <summary>Whether API invokers find them.</summary>
    [Id(3), JsonPropertyName("default_access")]
    public required VisibilityAccess DefaultAccess { get; init; }

    /// <summary>Whether it is in force; absent is yes.</summary>
    [Id(4), JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    /// <summary>From when on; absent is from always.</summary>
    [Id(5), JsonPropertyName("startsAt")]
    public WireDateTime? StartsAt { get; init; }

    /// <summary>Until when; absent is for ever.</summary>
    [Id(6), JsonPropertyName("endsAt")]
    public WireDateTime? EndsAt { get; init; }

    /// <summary>Whether it is in force at that time.</summary>
    public bool IsInForce(DateTimeOffset at) => Enabled != false && !(StartsAt?.Instant > at) && !(EndsAt?.Instant <= at);

    /// <summary>Whether it is about that service API.</summary>
    public bool IsAbout(PublishedServiceApi api) =>
        Has(ProviderSelector.ApiProviderId, api.ApiProvDomId)
        && Has(ProviderSelector.ApiName, api.Description.ApiName)
        && Has(ProviderSelector.ApiId, api.Description.ApiId!)
        && (ProviderSelector.UserName is not { } user || user == api.EnrolmentUser)
        && (ProviderSelector.AefId is not { } aefs || (api.Description.AefProfiles ?? []).Any(profile => aefs.Contains(profile.AefId)));

    /// <summary>Whether it lets that API invoker find them.</summary>
    public bool Allows(string apiInvokerId) =>
        (DefaultAccess == VisibilityAccess.Allow) != (InvokerExceptions?.ApiInvokerId?.Contains(apiInvokerId) == true);

    private static bool Has(ImmutableArray<string>? wanted, string given) => wanted is not { } some || some.Contains(given);
}

/// <summary>Which service APIs a visibility rule is about; at least one criterion is there.</summary>
[GenerateSerializer, Immutable, Alias("capif.ProviderSelector")]
public sealed record ProviderSelector
{
    /// <summary>The enrolment user who registered the API provider.</summary>
    [Id(0), JsonPropertyName("userName")]
    public string? UserName { get; init; }

    /// <summary>API provider domains.</summary>
    [Id(1), JsonPropertyName("apiProviderId")]
    public ImmutableArray<string>? ApiProviderId { get; init; }

    /// <summary>Names of service APIs.</summary>
    [Id(2), JsonPropertyName("apiName")]
    public ImmutableArray<string>? ApiName { get; init; }

    /// <summary>Identifiers of service APIs.</summary>
    [Id(3), JsonPropertyName("apiId")]
    public ImmutableArray<string>? ApiId { get; init; }

    /// <summary>AEFs, one of which exposes it.</summary>
    [Id(4), JsonPropertyName("aefId")]
    public ImmutableArray<string>? AefId { get; init; }

    /// <summary>Whether it has no criterion: then it would be about everything.</summary>
    [JsonIgnore]
    public bool IsEmpty => this is { UserName: null, ApiProviderId: null, ApiName: null, ApiId: null, AefId: null };
}

/// <summary>The API invokers for whom the contrary of a visibility rule holds.</summary>
[GenerateSerializer, Immutable, Alias("capif.InvokerExceptions")]
public sealed record InvokerExceptions
{
    /// <summary>Their identifiers.</summary>
    [Id(0), JsonPropertyName("apiInvokerId")]
    public ImmutableArray<string>? ApiInvokerId { get; init; }
}

/// <summary>Whether API invokers find a service API.</summary>
[GenerateSerializer, Alias("capif.VisibilityAccess"), JsonConverter(typeof(JsonStringEnumConverter<VisibilityAccess>))]
public enum VisibilityAccess
{
    /// <summary><c>ALLOW</c>.</summary>
    [JsonStringEnumMemberName("ALLOW")]
    Allow,

    /// <summary><c>DENY</c>.</summary>
    [JsonStringEnumMemberName("DENY")]
    Deny,
}
