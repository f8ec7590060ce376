namespace CapifOrleans.Silo.DataFolder;

/// <summary>
/// The data folder, owned by this process alone as long as it is held: an advisory lock (flock) on a file in it, which the system gives back
/// even when the process is killed.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;
    private readonly string? _topmostMade;
    private readonly bool _wasEmpty;

    private DataFolderLock(string path, FileStream file, string? topmostMade, bool wasEmpty)
    {
        Path = path;
        _lock = file;
        _topmostMade = topmostMade;
        _wasEmpty = wasEmpty;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether there was nothing in it: a first start.</summary>
    public bool IsNew => _wasEmpty;

    /// <summary>Makes the folder, mode 0700, where there is none, and takes it; null when another process has it.</summary>
    /// <exception cref="StartFailure">It cannot be used.</exception>
    public static DataFolderLock? TryTake(string path, bool create)
    {
        if (File.Exists(path))
            throw new StartFailure($"data folder {path}: is a file, not a folder; choose another with --data-dir.");
        string? topmostMade = null;
        try
        {
            if (!Directory.Exists(path))
            {
                if (!create)
                    throw new StartFailure($"data folder {path}: does not exist; start the core function once (serve), or correct --data-dir.");
                topmostMade = TopmostMissing(path);
                Directory.CreateDirectory(path, OwnerOnly);
            }

            var file = System.IO.Path.Combine(path, DataFiles.Lock);
            var wasEmpty = !Directory.EnumerateFileSystemEntries(path).Any();
            return new DataFolderLock(path, Open(file), topmostMade, wasEmpty);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StartFailure($"data folder {path}: cannot be read and written ({fault.Message}); correct its owner and mode, or --data-dir.", fault);
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            return null;
        }
        catch (IOException fault)
        {
            throw new StartFailure($"data folder {path}: cannot be used ({fault.Message}); correct --data-dir.", fault);
        }
    }

    /// <summary>After a start that failed: removes what this start made, so that nothing half-made is left.</summary>
    public void Undo()
    {
        _lock.Dispose();
        if (_topmostMade is not null)
        {
            Directory.Delete(_topmostMade, recursive: true);
            return;
        }

        if (!_wasEmpty)
            return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path))
        {
            if (Directory.Exists(entry))
                Directory.Delete(entry, recursive: true);
            else
                File.Delete(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Open(string file) => new(file, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    // .NET maps EWOULDBLOCK of flock to a sharing violation.
    private static bool IsHeld(IOException fault) => fault.GetType() == typeof(IOException) && fault.HResult == Ewouldblock;

    private const int Ewouldblock = 11;

    private static string TopmostMissing(string path)
    {
        var topmost = path;
        while (System.IO.Path.GetDirectoryName(topmost) is { Length: > 0 } parent && !Directory.Exists(parent))
            topmost = parent;
        return topmost;
    }
}
