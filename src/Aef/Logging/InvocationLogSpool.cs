using System.Text.Json;
using System.Threading.Channels;
using CapifOrleans.Aef.Configuration;

namespace CapifOrleans.Aef.Logging;

/// <summary>
/// Invocation logs on their way to the core function. They go to a file first, and lie there until the core function has them. A file that is
/// full, or a second old, is sealed: it never changes again, so that what is sent from it is the same in every try (<see cref="InvocationLogSender"/>).
/// Writes that come together share one sync.
/// </summary>
internal sealed partial class InvocationLogSpool : IAsyncDisposable
{
    /// <summary>How a sealed file's name ends.</summary>
    public const string Sealed = ".sealed";

    private const string Open = ".open";
    private const int MostWaiting = 10_000;
    private const int MostLines = 1_000;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan SealAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<LoggedInvocation> _waiting = Channel.CreateBounded<LoggedInvocation>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Channel<bool> _sealed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly string _folder;
    private readonly long _mostOctets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private long _octets;
    private long _number;
    private FileStream? _file;
    private int _lines;
    private bool _failed;

    private InvocationLogSpool(string folder, long mostOctets, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _mostOctets = mostOctets;
        _time = time;
        _logger = logger;
        Recover();
        SpoolId = ReadId();
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>What tells these logs from those of any other folder, in the keys by which they are sent.</summary>
    public string SpoolId { get; }

    /// <summary>Whether there is room for more. Without it nothing may be let through, since it could not be logged.</summary>
    public bool HasRoom => Volatile.Read(ref _octets) < _mostOctets && !Volatile.Read(ref _failed);

    /// <summary>How many octets wait.</summary>
    public long Octets => Volatile.Read(ref _octets);

    /// <summary>Opens the folder; what an earlier process left is sealed.</summary>
    public static InvocationLogSpool OpenFolder(AefConfiguration configuration, TimeProvider time, ILogger<InvocationLogSpool> logger)
    {
        var folder = Path.Combine(configuration.Folder, "logs");
        Directory.CreateDirectory(folder);
        return new InvocationLogSpool(folder, configuration.Logs.MaxMegabytes * 1024L * 1024L, time, logger);
    }

    /// <summary>Adds an invocation. It returns when there is a place for it; it is on disk moments later.</summary>
    public ValueTask AddAsync(LoggedInvocation invocation) => _waiting.Writer.WriteAsync(invocation);

    /// <summary>The sealed files, the oldest first.</summary>
    public IReadOnlyList<string> SealedFiles() => [.. Directory.EnumerateFiles(_folder, "*" + Sealed).Order(StringComparer.Ordinal)];

    /// <summary>Waits until a file was sealed.</summary>
    public ValueTask<bool> WaitForSealedAsync(CancellationToken cancellationToken) => _sealed.Reader.ReadAsync(cancellationToken);

    /// <summary>The core function has all of a file.</summary>
    public void Remove(string file)
    {
        var length = new FileInfo(file).Length;
        File.Delete(file);
        Interlocked.Add(ref _octets, -length);
    }

    /// <summary>Lays aside what the core function refuses for good, for an operator to look at.</summary>
    public void LayAside(string apiInvokerId, IReadOnlyList<LoggedLine> lines)
    {
        using var stream = new FileStream(
            Path.Combine(_folder, "refused.jsonl"),
            new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        foreach (var line in lines)
        {
            var text = Line(line);
            stream.Write(text);
            Interlocked.Add(ref _octets, text.Length);
        }

        stream.Flush(flushToDisk: true);
        Refused(lines.Count, apiInvokerId);
    }

    /// <summary>Writes what waits, and seals it.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        var reader = _waiting.Reader;
        var openedAt = _time.GetTimestamp();
        while (true)
        {
            if (_file is null)
            {
                if (!await reader.WaitToReadAsync())
                    return;
                openedAt = _time.GetTimestamp();
            }
            else if (!await WaitAsync(reader, SealAfter - _time.GetElapsedTime(openedAt)))
            {
                Seal();
                if (reader.Completion.IsCompleted)
                    return;
                continue;
            }

            Drain(reader);
            if (_lines >= MostLines || _time.GetElapsedTime(openedAt) >= SealAfter)
                Seal();
        }
    }

    /// <summary>True when there is something to read, false when the time is up or nothing will come any more.</summary>
    private async Task<bool> WaitAsync(ChannelReader<LoggedInvocation> reader, TimeSpan atMost)
    {
        if (reader.TryPeek(out _))
            return true;
        if (atMost <= TimeSpan.Zero)
            return false;
        using var timeout = new CancellationTokenSource(atMost, _time);
        try
        {
            return await reader.WaitToReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Writes everything that waits, and makes it durable once.</summary>
    private void Drain(ChannelReader<LoggedInvocation> reader)
    {
        try
        {
            _file ??= new FileStream(
                Path.Combine(_folder, $"{++_number:D16}{Open}"),
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 64 * 1024 });
            while (_lines < MostLines && reader.TryRead(out var invocation))
            {
                var line = Line(new LoggedLine { ApiInvokerId = invocation.ApiInvokerId, Log = invocation.ToLog() });
                _file.Write(line);
                _lines++;
                Interlocked.Add(ref _octets, line.Length);
            }

            _file.Flush(flushToDisk: true);
            Volatile.Write(ref _failed, false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A full disk: nothing more is let through until it takes something again.
            Volatile.Write(ref _failed, true);
            WriteFailed(fault);
        }
    }

    private void Seal()
    {
        if (_file is null)
            return;
        var name = _file.Name;
        _file.Dispose();
        (_file, _lines) = (null, 0);
        File.Move(name, Path.ChangeExtension(name, Sealed));
        _sealed.Writer.TryWrite(true);
    }

    /// <summary>What an earlier process left: a line that it was writing when it ended is cut off, the rest is sealed.</summary>
    private void Recover()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*" + Open).ToList())
        {
            using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
                stream.SetLength(EndOfLastLine(stream));
            File.Move(file, Path.ChangeExtension(file, Sealed));
        }

        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            _octets += new FileInfo(file).Length;
            if (long.TryParse(Path.GetFileNameWithoutExtension(file), out var number))
                _number = Math.Max(_number, number);
        }

        if (SealedFiles().Count > 0)
            _sealed.Writer.TryWrite(true);
    }

    private static long EndOfLastLine(FileStream stream)
    {
        for (var at = stream.Length - 1; at >= 0; at--)
        {
            stream.Position = at;
            if (stream.ReadByte() == '\n')
                return at + 1;
        }

        return 0;
    }

    private string ReadId()
    {
        var path = Path.Combine(_folder, "spool-id");
        if (!File.Exists(path))
            DurableFile.Replace(path, System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")));
        return File.ReadAllText(path).Trim();
    }

    private static byte[] Line(LoggedLine line) => [.. JsonSerializer.SerializeToUtf8Bytes(line, LoggedLineJson.Default.LoggedLine), (byte)'\n'];

    [LoggerMessage(1, LogLevel.Error, "Invocation logs cannot be written; nothing more is let through until they can")]
    private partial void WriteFailed(Exception fault);

    [LoggerMessage(2, LogLevel.Error, "The core function refuses {Count} invocation logs of API invoker {ApiInvokerId}; they lie in refused.jsonl")]
    private partial void Refused(int count, string apiInvokerId);
}
