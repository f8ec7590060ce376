using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Orleans.Storage;

/// <summary>
/// One SQLite file: write-ahead log, every commit synced (<c>synchronous=FULL</c>). All writes go through one thread, which puts those
/// that wait into one transaction: concurrent writers share a sync. Reads run on connections of their own and see what was committed.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    // More in one transaction would only delay the first of them.
    private const int MaxGroup = 512;

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(
        new BoundedChannelOptions(16_384) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly string _connectionString;
    private readonly SqliteSession _writer;
    private readonly Task _writing;
    private volatile bool _aborted;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file, or makes it readable by its owner only; <paramref name="schema"/> takes it to its version.</summary>
    /// <exception cref="IOException">The file cannot be opened, or was written by a newer version.</exception>
    public SqliteDatabase(string file, SqliteSchema schema)
    {
        if (!File.Exists(file) && !OperatingSystem.IsWindows())
        {
            using (new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                // Made empty, so that it is nobody else's for not even a moment.
            }
        }

        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString();
        try
        {
            _writer = new SqliteSession(_connectionString);
            schema.Apply(_writer, file);
        }
        catch (SqliteException fault)
        {
            _writer?.Dispose();
            throw new IOException($"{file} cannot be used as the state database: {fault.Message}", fault);
        }

        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Runs statements in the next transaction and answers when it is durable. What <paramref name="statements"/> throws undoes its own
    /// statements only and comes back to the caller.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> statements, CancellationToken cancellationToken = default)
    {
        var write = new Write<T>(statements);
        await _writes.Writer.WriteAsync(write, cancellationToken);
        return await write.Done;
    }

    /// <summary>Runs queries on a connection that nobody else uses meanwhile.</summary>
    public T Read<T>(Func<SqliteSession, T> queries)
    {
        if (!_readers.TryTake(out var reader))
            reader = new SqliteSession(_connectionString);
        try
        {
            return queries(reader);
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    /// <summary>Finishes what was handed in, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_writes.Writer.TryComplete())
            return;
        await _writing;
        _writer.Dispose();
        foreach (var reader in _readers)
            reader.Dispose();
    }

    /// <summary>Closes without finishing what was handed in, as if the process had been killed.</summary>
    internal ValueTask AbortAsync()
    {
        _aborted = true;
        return DisposeAsync();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failed commit is every writer's, and the thread must go on.")]
    private void WriteAll()
    {
        var group = new List<Write>(MaxGroup);
        while (_writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < MaxGroup && _writes.Reader.TryRead(out var write))
                group.Add(write);
            try
            {
                ObjectDisposedException.ThrowIf(_aborted, this);
                _writer.Execute("BEGIN IMMEDIATE");
                foreach (var write in group)
                    write.Run(_writer);
                _writer.Execute("COMMIT");
                foreach (var write in group)
                    write.Complete();
            }
            catch (Exception fault)
            {
                Rollback();
                var failed = new IOException("The state database could not commit: " + fault.Message, fault);
                foreach (var write in group)
                    write.Fail(failed);
            }

            group.Clear();
        }
    }

    private void Rollback()
    {
        try
        {
            _writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The fault ended the transaction by itself.
        }
    }

    private abstract class Write
    {
        public abstract void Run(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception fault);
    }

    private sealed class Write<T>(Func<SqliteSession, T> statements) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;
        private Exception? _fault;

        public Task<T> Done => _done.Task;

        public override void Run(SqliteSession session)
        {
            session.Execute("SAVEPOINT one");
            try
            {
                _result = statements(session);
            }
            catch (Exception fault) when (fault is not SqliteException { SqliteErrorCode: not 19 })
            {
                // 19: a constraint. Everything else that SQLite reports (disk full, damaged) concerns the whole group.
                _fault = fault;
                session.Execute("ROLLBACK TO one");
            }

            session.Execute("RELEASE one");
        }

        public override void Complete()
        {
            if (_fault is null)
                _done.TrySetResult(_result);
            else
                _done.TrySetException(_fault);
        }

        public override void Fail(Exception fault) => _done.TrySetException(fault);
    }
}
