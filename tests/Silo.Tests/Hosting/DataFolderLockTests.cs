using CapifOrleans.Silo.DataFolder;

namespace CapifOrleans.Silo.Tests.Hosting;

public sealed class DataFolderLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-folder-");

    [Fact]
    public void NewFolder_IsMadeForItsOwnerOnly()
    {
        using var taken = DataFolderLock.TryTake(In("a/b"), create: true);

        Assert.NotNull(taken);
        Assert.True(taken.IsNew);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(In("a/b")));
    }

    [Fact]
    public void Folder_HasOneOwnerAtATime()
    {
        var first = DataFolderLock.TryTake(In("a"), create: true);
        Assert.Null(DataFolderLock.TryTake(In("a"), create: true));

        first!.Dispose();

        using var second = DataFolderLock.TryTake(In("a"), create: true);
        Assert.False(second!.IsNew);
    }

    [Fact]
    public void Undo_RemovesWhatThisStartMade_AndNothingElse()
    {
        DataFolderLock.TryTake(In("a/b/c"), create: true)!.Undo();
        Assert.False(Directory.Exists(In("a")));

        Directory.CreateDirectory(In("empty"));
        var empty = DataFolderLock.TryTake(In("empty"), create: true)!;
        Directory.CreateDirectory(In("empty/pki"));
        File.WriteAllText(In("empty/pki/root.pem"), "");
        empty.Undo();
        Assert.Empty(Directory.EnumerateFileSystemEntries(In("empty")));

        Directory.CreateDirectory(In("used"));
        File.WriteAllText(In("used/state.db"), "");
        DataFolderLock.TryTake(In("used"), create: true)!.Undo();
        Assert.True(File.Exists(In("used/state.db")));
    }

    [Fact]
    public void FileInItsPlace_AndMissingFolder_AreRefusedWithARemedy()
    {
        File.WriteAllText(In("file"), "");

        Assert.Equal(
            $"data folder {In("file")}: is a file, not a folder; choose another with --data-dir.",
            Assert.Throws<StartFailure>(() => DataFolderLock.TryTake(In("file"), create: true)).Message);
        Assert.Equal(
            $"data folder {In("none")}: does not exist; start the core function once (serve), or correct --data-dir.",
            Assert.Throws<StartFailure>(() => DataFolderLock.TryTake(In("none"), create: false)).Message);
        Assert.StartsWith(
            $"data folder {In("file/below")}: cannot be used",
            Assert.Throws<StartFailure>(() => DataFolderLock.TryTake(In("file/below"), create: true)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
