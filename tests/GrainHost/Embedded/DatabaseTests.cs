using Orleans.Storage;

namespace CapifOrleans.GrainHost.Tests;

public sealed class DatabaseTests : IDisposable
{
    private static readonly SqliteSchema Schema = new("CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);");

    private readonly string _folder = Directory.CreateTempSubdirectory("capif-database-").FullName;

    private string File => Path.Combine(_folder, "test.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_file_and_its_log_are_their_owners_only()
    {
        await using var database = new SqliteDatabase(File, Schema);
        await database.WriteAsync(session => session.Execute("INSERT INTO t(text) VALUES('a')"));

        foreach (var file in Directory.GetFiles(_folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Every_commit_is_synced()
    {
        await using var database = new SqliteDatabase(File, Schema);
        Assert.Equal("wal", await database.WriteAsync(session => session.Scalar("PRAGMA journal_mode")));
        // 2: FULL, which in this mode syncs the log at each commit. A kill of the process, as the other tests do it, would not show less.
        Assert.Equal(2L, await database.WriteAsync(session => session.Scalar("PRAGMA synchronous")));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_stays_as_it_is()
    {
        await using (var newer = new SqliteDatabase(File, new SqliteSchema("CREATE TABLE t(id);", "CREATE TABLE u(id);")))
            Assert.Equal(2L, newer.Read(session => session.Scalar("PRAGMA user_version")));

        var refused = Assert.Throws<IOException>(() => new SqliteDatabase(File, Schema));

        Assert.Contains("version 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_an_older_version_is_taken_to_the_present_one()
    {
        await using (var older = new SqliteDatabase(File, new SqliteSchema("CREATE TABLE t(id INTEGER);")))
            await older.WriteAsync(session => session.Execute("INSERT INTO t VALUES(1)"));

        await using var newer = new SqliteDatabase(File, new SqliteSchema("CREATE TABLE t(id INTEGER);", "ALTER TABLE t ADD COLUMN more INTEGER DEFAULT 7;"));

        Assert.Equal(7L, newer.Read(session => session.Scalar("SELECT more FROM t WHERE id=1")));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000));
        Assert.Throws<IOException>(() => new SqliteDatabase(File, Schema));
    }

    [Fact]
    public async Task A_writer_that_fails_does_not_fail_those_that_share_its_commit()
    {
        await using var database = new SqliteDatabase(File, Schema);
        var writes = Enumerable.Range(0, 300).Select(number => database.WriteAsync(session =>
        {
            var changed = session.Execute("INSERT INTO t(text) VALUES($0)", $"{number}");
            if (number % 3 == 1)
                throw new InvalidDataException("of my own");
            if (number % 3 == 2)
                session.Execute("INSERT INTO t(text) VALUES($0)", $"{number}");
            return changed;
        })).ToArray();

        for (var number = 0; number < writes.Length; number++)
        {
            if (number % 3 == 0)
                Assert.Equal(1, await writes[number]);
            else if (number % 3 == 1)
                await Assert.ThrowsAsync<InvalidDataException>(() => writes[number]);
            else
                await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => writes[number]);
        }

        Assert.Equal(100L, database.Read(session => session.Scalar("SELECT count(*) FROM t")));
    }

    [Fact]
    public async Task A_read_sees_what_was_written_before_it()
    {
        await using var database = new SqliteDatabase(File, Schema);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; number < 50; number++)
            {
                await database.WriteAsync(session => session.Execute("INSERT INTO t(text) VALUES($0)", $"{writer}/{number}"));
                Assert.Equal(1L, database.Read(session => session.Scalar("SELECT count(*) FROM t WHERE text=$0", $"{writer}/{number}")));
            }
        })));
    }

    [Fact]
    public async Task A_closed_database_finished_what_was_handed_in_and_takes_no_more()
    {
        var database = new SqliteDatabase(File, Schema);
        var writes = Enumerable.Range(0, 2000).Select(number => database.WriteAsync(session =>
            session.Execute("INSERT INTO t(text) VALUES($0)", $"{number}"))).ToArray();

        await database.DisposeAsync();

        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<IOException>(() => database.WriteAsync(session => session.Execute("DELETE FROM t")));
        await using var again = new SqliteDatabase(File, Schema);
        Assert.Equal(2000L, again.Read(session => session.Scalar("SELECT count(*) FROM t")));
    }
}
