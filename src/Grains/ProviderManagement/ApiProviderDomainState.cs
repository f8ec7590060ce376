using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.ProviderManagement;

namespace CapifOrleans.Grains.ProviderManagement;

/// <summary>What is stored of an API provider domain.</summary>
internal sealed class ApiProviderDomainState
{
    /// <summary>The registration as it was answered, without its security information; null while there is none.</summary>
    public ApiProviderEnrolmentDetails? Details { get; set; }

    /// <summary>The functions.</summary>
    public List<DomainFunction> Functions { get; set; } = [];

    /// <summary>Functions, or new keys of functions, of a registration that is not committed yet: what to take back when it never is.</summary>
    public List<DomainFunction> Incoming { get; set; } = [];

    /// <summary>Functions that are no longer part of the domain, and not yet gone.</summary>
    public List<DomainFunction> Leaving { get; set; } = [];

    /// <summary>The enrolment user who registered it.</summary>
    public string? EnrolmentUser { get; set; }
}

/// <summary>A function of a domain.</summary>
internal sealed class DomainFunction
{
    /// <summary>Its identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Its role.</summary>
    public required CallerRole Role { get; init; }

    /// <summary>Its certificate; without a thumbprint nothing is signed yet.</summary>
    public required CertificateRecord Certificate { get; init; }

    /// <summary>The certificate as it was issued; null while nothing is signed.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>Whether only the certificate leaves: the function has a newer one.</summary>
    public bool OnlyCertificate { get; init; }
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(ApiProviderDomainState))]
[JsonSerializable(typeof(ProviderFunctionState))]
internal sealed partial class ProviderStateContext : JsonSerializerContext;

/// <summary>Registers what provider management needs.</summary>
internal static class ProviderServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddProviderGrains(this IServiceCollection services) =>
        services.AddSingleton<IJsonTypeInfoResolver>(ProviderStateContext.Default);
}
