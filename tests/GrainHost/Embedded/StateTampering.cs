using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.GrainHost.Tests;

/// <summary>What somebody else does to stored notes while a grain has them in memory.</summary>
internal static class StateTampering
{
    /// <summary>Writes this text to all notes, or deletes them.</summary>
    public static Task OverwriteAsync(TestGrainHost host, string? text) => ExecuteAsync(
        host, text is null ? "DELETE FROM state" : $"UPDATE state SET version=version+1, data=CAST('{{\"Text\":\"{text}\"}}' AS BLOB)");

    /// <summary>Copies the notes of one grain to another, which has none.</summary>
    public static Task CopyAsync(TestGrainHost host, string from, string to) => ExecuteAsync(
        host, $"INSERT INTO state SELECT 'notes','{to}','notes',version,data FROM state WHERE grain_key='{from}'");

    private static Task<int> ExecuteAsync(TestGrainHost host, string sql) =>
        host.Services.GetRequiredService<SqliteDatabase>().WriteAsync(session => session.Execute(sql));
}
