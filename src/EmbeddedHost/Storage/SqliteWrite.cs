using Microsoft.Data.Sqlite;

namespace Orleans.Storage;

/// <summary>Statements of one writer within a group.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Runs the statements. An exception here is the whole group's.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>The group is durable.</summary>
    public abstract void Complete();

    /// <summary>Nothing of the group was written.</summary>
    public abstract void Fail(Exception fault);
}

/// <summary>Statements with a result.</summary>
internal sealed class SqliteWrite<T>(Func<SqliteSession, T> statements, bool isOneStatement) : SqliteWrite
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private Exception? _fault;

    /// <summary>Ends when the result is durable.</summary>
    public Task<T> Done => _done.Task;

    /// <inheritdoc/>
    public override void Run(SqliteSession session)
    {
        if (!isOneStatement)
            session.Execute("SAVEPOINT one");
        try
        {
            _result = statements(session);
        }
        catch (Exception fault) when (!IsOfDatabase(fault))
        {
            _fault = fault;
            if (!isOneStatement)
                session.Execute("ROLLBACK TO one");
        }

        if (!isOneStatement)
            session.Execute("RELEASE one");
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_fault is null)
            _done.TrySetResult(_result);
        else
            _done.TrySetException(_fault);
    }

    /// <inheritdoc/>
    public override void Fail(Exception fault) => _done.TrySetException(fault);

    // Full disk, damaged file and the like concern everybody; a wrong statement (1), a value that is too big (18), a constraint (19) or a
    // wrong type (20) only the writer.
    private static bool IsOfDatabase(Exception fault) => fault is SqliteException { SqliteErrorCode: not (1 or 18 or 19 or 20) };
}
