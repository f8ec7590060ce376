namespace CapifOrleans.Client;

/// <summary>A file for its owner only (mode 0600), never half written, and overwritten before it goes.</summary>
internal static class StateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the file, so that what cannot be written is known before an onboarding rather than after it.</summary>
    /// <exception cref="IOException">It is there already, or cannot be made.</exception>
    public static void Reserve(string path)
    {
        using var file = new FileStream(path, Options(FileMode.CreateNew));
    }

    /// <summary>Writes under another name, and renames when it is on the disk.</summary>
    public static void Write(string path, ReadOnlySpan<byte> octets)
    {
        var temporary = path + ".new";
        Wipe(temporary);
        using (var file = new FileStream(temporary, Options(FileMode.CreateNew)))
        {
            file.Write(octets);
            file.Flush(flushToDisk: true);
        }

        // What lies there now may hold the same key: it is overwritten, but only when the new file has its place.
        using var former = File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete) : null;
        File.Move(temporary, path, overwrite: true);
        Overwrite(former);
    }

    /// <summary>Reads it; the caller overwrites the octets.</summary>
    /// <exception cref="UnauthorizedAccessException">Others than its owner may read or write it.</exception>
    public static byte[] Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            throw new UnauthorizedAccessException($"{path}: others than its owner may use it, and there is a private key in it; chmod 600 it.");
        return File.ReadAllBytes(path);
    }

    /// <summary>Overwrites it with zeros and deletes it. A file system that keeps old blocks (copy on write, a solid-state disk) may still have it.</summary>
    public static void Wipe(string path)
    {
        if (!File.Exists(path))
            return;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
            Overwrite(file);
        File.Delete(path);
    }

    private static void Overwrite(FileStream? file)
    {
        if (file is null)
            return;
        file.Write(new byte[file.Length]);
        file.Flush(flushToDisk: true);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
