namespace CapifOrleans.Grains.Enrolment;

/// <summary>What is stored of an account.</summary>
internal sealed class EnrolmentUserState
{
    /// <summary>The account; null when there is none.</summary>
    public EnrolmentAccount? Account { get; set; }
}

/// <summary>An account with its password's hash.</summary>
internal sealed record EnrolmentAccount
{
    /// <summary>The account's own identifier.</summary>
    public required string Uuid { get; init; }

    /// <summary>Whether the user may manage accounts.</summary>
    public required bool IsAdministrator { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether each API invoker that the user onboards waits for the operator.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>The password's hash.</summary>
    public required PasswordHash Password { get; init; }
}

/// <summary>What is stored of the list of accounts.</summary>
internal sealed class EnrolmentDirectoryState
{
    /// <summary>The accounts by name.</summary>
    public ImmutableSortedDictionary<string, ListedUser> Users { get; set; } = ImmutableSortedDictionary.Create<string, ListedUser>(StringComparer.Ordinal);
}

/// <summary>An account as the list knows it.</summary>
internal sealed record ListedUser
{
    /// <summary>The account's own identifier.</summary>
    public required string Uuid { get; init; }

    /// <summary>Whether the user may manage accounts.</summary>
    public required bool IsAdministrator { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether each API invoker that the user onboards waits for the operator.</summary>
    public bool NeedsApproval { get; init; }
}

/// <summary>How the state of enrolment is written.</summary>
[JsonSerializable(typeof(EnrolmentUserState))]
[JsonSerializable(typeof(EnrolmentDirectoryState))]
internal sealed partial class EnrolmentStateContext : JsonSerializerContext;
