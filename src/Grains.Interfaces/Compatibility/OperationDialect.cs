namespace CapifOrleans.Compatibility;

/// <summary>What a profile makes of one operation: who else may call it, and what those are told who may not. Absent is as the table of operations has it.</summary>
public sealed class OperationDialect
{
    /// <summary>Roles that may call it besides those of its row.</summary>
    public ImmutableArray<CallerRole> MoreRoles { get; init; } = [];

    /// <summary>What a caller of another role is told.</summary>
    public Refusal? WrongRole { get; init; }

    /// <summary>The status of what somebody is told who names another's resource, or none.</summary>
    public ErrorKind? Stranger { get; init; }

    /// <summary>The query parameter that names the function whose part the operator's administrator takes; null where the operation's owner rule does.</summary>
    public string? ActsForQuery { get; init; }
}
