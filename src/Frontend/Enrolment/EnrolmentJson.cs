using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapifOrleans.Frontend.Enrolment;

/// <summary>The answer of POST /login.</summary>
internal sealed record LogInAnswer
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The answer of GET /getauth: enrolment information as 33.122 6.1 step 1 names it, with the member names of OpenCAPIF's register service.</summary>
internal sealed record AuthAnswer
{
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonPropertyName("ca_root")]
    public required string CaRoot { get; init; }

    /// <summary>The core listener's base address; the other addresses are relative to it.</summary>
    [JsonPropertyName("core")]
    public required string Core { get; init; }

    [JsonPropertyName("ccf_onboarding_url")]
    public string OnboardingUrl { get; init; } = "api-invoker-management/v1/onboardedInvokers";

    [JsonPropertyName("ccf_api_onboarding_url")]
    public string RegistrationUrl { get; init; } = "api-provider-management/v1/registrations";

    [JsonPropertyName("ccf_publish_url")]
    public string PublishUrl { get; init; } = "published-apis/v1/<apfId>/service-apis";

    [JsonPropertyName("ccf_discover_url")]
    public string DiscoverUrl { get; init; } = "service-apis/v1/allServiceAPIs?api-invoker-id=";

    [JsonPropertyName("ccf_security_url")]
    public string SecurityUrl { get; init; } = "capif-security/v1/trustedInvokers";
}

/// <summary>The body of POST /createUser. Other members that OpenCAPIF's clients send (contact details) are not kept.</summary>
internal sealed record CreateUserBody
{
    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    /// <summary>Not the password.</summary>
    public override string ToString() => UserName ?? "";
}

/// <summary>An account, as POST /createUser and GET /getUsers answer it.</summary>
internal sealed record UserAnswer
{
    [JsonPropertyName("username")]
    public required string UserName { get; init; }

    [JsonPropertyName("uuid")]
    public required string Uuid { get; init; }
}

/// <summary>The answer of GET /getUsers.</summary>
internal sealed record UsersAnswer
{
    [JsonPropertyName("users")]
    public required IReadOnlyList<UserAnswer> Users { get; init; }
}

/// <summary>How they are read and written.</summary>
[JsonSerializable(typeof(LogInAnswer))]
[JsonSerializable(typeof(AuthAnswer))]
[JsonSerializable(typeof(CreateUserBody))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(UsersAnswer))]
internal sealed partial class EnrolmentJson : JsonSerializerContext
{
    /// <summary>Only what JSON itself forbids is escaped: an answer is never embedded in HTML, and people read the root certificate in it.</summary>
    public static EnrolmentJson Relaxed { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
