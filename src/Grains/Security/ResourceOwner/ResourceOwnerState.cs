using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Security;

/// <summary>What is stored of a resource owner.</summary>
internal sealed class ResourceOwnerState
{
    /// <summary>The account; null when there is none.</summary>
    public OwnerAccount? Account { get; set; }

    /// <summary>What the owner consented to.</summary>
    public ImmutableArray<Consent> Consents { get; set; } = [];

    /// <summary>Consents that ended and whose API invokers are not told yet.</summary>
    public ImmutableArray<ConsentRevocation> Revocations { get; set; } = [];
}

/// <summary>An account with its password's hash.</summary>
internal sealed record OwnerAccount
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The password's hash.</summary>
    public required PasswordHash Password { get; init; }
}

/// <summary>What is stored of the list of resource owners.</summary>
internal sealed class ResourceOwnerDirectoryState
{
    /// <summary>When each was made, by GPSI.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Owners { get; set; } =
        ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);
}
