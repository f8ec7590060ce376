using System.Diagnostics.CodeAnalysis;
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

    // Connections that are kept for readers; more may read at a time, but are closed afterwards.
    private const int MaxIdleReaders = 16;

    private readonly Lock _signalLock = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Stack<SqliteSession> _readers = new(MaxIdleReaders);
    private readonly string _connectionString;
    private readonly SqliteSession _writer;
    private readonly Task _writing;
    private List<SqliteWrite> _waiting = [];
    private bool _isSleeping;
    private volatile bool _isClosed;
    private volatile bool _isAborted;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file, or makes it readable by its owner only; <paramref name="schema"/> takes it to its version.</summary>
    /// <exception cref="IOException">The file cannot be opened, or was written by a newer version.</exception>
    public SqliteDatabase(string file, SqliteSchema schema)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        MakePrivate(file);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString();
        try
        {
            _writer = new SqliteSession(_connectionString, isWriter: true);
            schema.Apply(_writer, file);
        }
        catch (SqliteException fault)
        {
            _writer?.Dispose();
            throw new IOException($"{file} cannot be used as the state database: {fault.Message}", fault);
        }
        catch (IOException)
        {
            _writer?.Dispose();
            throw;
        }

        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Told the size of each group of writes that was committed.</summary>
    internal Action<int>? Committed { get; init; }

    /// <summary>
    /// Runs statements in the next transaction and answers when it is durable. What <paramref name="statements"/> throws undoes its own
    /// statements only and comes back to the caller.
    /// </summary>
    /// <exception cref="IOException">The commit failed; nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> statements, CancellationToken cancellationToken = default) =>
        Enqueue(new SqliteWrite<T>(statements, isOneStatement: false), cancellationToken);

    /// <summary>Like <see cref="WriteAsync"/> for what is one statement, which SQLite undoes by itself: cheaper.</summary>
    internal Task<T> WriteOneAsync<T>(Func<SqliteSession, T> statement) => Enqueue(new SqliteWrite<T>(statement, isOneStatement: true), default);

    /// <summary>Runs queries on a connection that nobody else uses meanwhile.</summary>
    public T Read<T>(Func<SqliteSession, T> queries)
    {
        SqliteSession? reader;
        lock (_readers)
            _readers.TryPop(out reader);
        reader ??= new SqliteSession(_connectionString, isWriter: false);
        try
        {
            return queries(reader);
        }
        finally
        {
            if (!TryKeep(reader))
                reader.Dispose();
        }
    }

    /// <summary>Finishes what was handed in, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_signalLock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            Wake();
        }

        await _writing;
        _writer.Dispose();
        lock (_readers)
        {
            while (_readers.TryPop(out var reader))
                reader.Dispose();
        }

        _signal.Dispose();
    }

    /// <summary>Closes without finishing what was handed in, as if the process had been killed.</summary>
    internal ValueTask AbortAsync()
    {
        _isAborted = true;
        return DisposeAsync();
    }

    private static void MakePrivate(string file)
    {
        if (File.Exists(file) || OperatingSystem.IsWindows())
            return;
        // Made empty, so that it is not anybody else's for a moment. SQLite gives its log the same mode.
        using var made = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    private bool TryKeep(SqliteSession reader)
    {
        lock (_readers)
        {
            if (_isClosed || _readers.Count >= MaxIdleReaders)
                return false;
            _readers.Push(reader);
            return true;
        }
    }

    private Task<T> Enqueue<T>(SqliteWrite<T> write, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        lock (_signalLock)
        {
            if (_isClosed)
                return Task.FromException<T>(new IOException("The state database is closed."));
            _waiting.Add(write);
            Wake();
        }

        return write.Done;
    }

    // Under the lock.
    private void Wake()
    {
        if (!_isSleeping)
            return;
        _isSleeping = false;
        _signal.Release();
    }

    private void WriteAll()
    {
        List<SqliteWrite> taken = [];
        while (true)
        {
            lock (_signalLock)
            {
                (taken, _waiting) = (_waiting, taken);
                _isSleeping = taken.Count == 0 && !_isClosed;
                if (taken.Count == 0 && _isClosed)
                    return;
            }

            if (taken.Count == 0)
                _signal.Wait();
            for (var start = 0; start < taken.Count; start += MaxGroup)
                WriteGroup(taken, start, Math.Min(start + MaxGroup, taken.Count));
            taken.Clear();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failed commit is every writer's, and the thread must go on.")]
    private void WriteGroup(List<SqliteWrite> writes, int start, int end)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_isAborted, this);
            _writer.Execute("BEGIN IMMEDIATE");
            for (var index = start; index < end; index++)
                writes[index].Run(_writer);
            ObjectDisposedException.ThrowIf(_isAborted, this);
            _writer.Execute("COMMIT");
        }
        catch (Exception fault)
        {
            Rollback();
            var failed = new IOException("The state database could not commit: " + fault.Message, fault);
            for (var index = start; index < end; index++)
                writes[index].Fail(failed);
            return;
        }

        for (var index = start; index < end; index++)
            writes[index].Complete();
        Committed?.Invoke(end - start);
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
}
