namespace CapifOrleans.ProviderManagement;

/// <summary>An API provider domain with its functions. The key is the apiProvDomId, which is the registrationId as well.</summary>
[Alias("capif.IApiProviderDomainGrain")]
public interface IApiProviderDomainGrain : IGrainWithStringKey
{
    /// <summary>Registers the domain and its functions, each with a certificate (29.222 5.11.2.2). Durable when it returns.</summary>
    [Alias("Register")]
    Task<Outcome<ApiProviderEnrolmentDetails>> RegisterAsync(ProviderRegistrationRequest request, CancellationToken cancellationToken);

    /// <summary>Replaces the registration (29.222 5.11.2.3): functions may come, change their key or go. Only the domain's own AMF.</summary>
    [Alias("Update")]
    Task<Outcome<ApiProviderEnrolmentDetails>> UpdateAsync(
        CallerIdentity caller, ApiProviderEnrolmentDetails details, CancellationToken cancellationToken);

    /// <summary>Applies a merge patch (RFC 7396, feature PatchUpdate).</summary>
    [Alias("Patch")]
    Task<Outcome<ApiProviderEnrolmentDetails>> PatchAsync(
        CallerIdentity caller, ImmutableArray<byte> patch, CancellationToken cancellationToken);

    /// <summary>Deregisters: its service APIs are unpublished, its functions and certificates gone (29.222 5.11.2.4). Resumable.</summary>
    [Alias("Deregister")]
    Task<Outcome> DeregisterAsync(CallerIdentity caller, CancellationToken cancellationToken);
}

/// <summary>A validated registration request with what its frontend found out about it.</summary>
[GenerateSerializer, Immutable, Alias("capif.ProviderRegistrationRequest")]
public sealed record ProviderRegistrationRequest
{
    /// <summary>The request's body.</summary>
    [Id(0)]
    public required ApiProviderEnrolmentDetails Details { get; init; }

    /// <summary>The enrolment user whose credential carried the request.</summary>
    [Id(1)]
    public required string EnrolmentUser { get; init; }
}
