using System.Collections.Concurrent;
using System.Text.Json;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Exposure;

namespace CapifOrleans.Aef.Security;

/// <summary>
/// Authorizations that ended before the tokens that they cover do. Each is on disk before it is acknowledged: a token that was revoked is void
/// after a restart, too.
/// </summary>
internal sealed class Revocations : IDisposable
{
    private const string FileName = "revocations.jsonl";
    private readonly ConcurrentDictionary<string, ImmutableArray<AuthorizationRevocation>> _byInvoker = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    private Revocations(FileStream file) => _file = file;

    /// <summary>Opens them; what nobody needs any more is left behind.</summary>
    public static Revocations Open(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        var now = time.GetUtcNow();
        var kept = Read(path).Where(one => one.KeepUntil > now).ToList();
        DurableFile.Replace(path, [.. kept.SelectMany(Line)]);
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        var revocations = new Revocations(file);
        foreach (var one in kept)
            revocations.Remember(one);
        return revocations;
    }

    /// <summary>Whether it is on record, or one that says as much.</summary>
    public bool Knows(AuthorizationRevocation revocation) =>
        _byInvoker.GetValueOrDefault(revocation.ApiInvokerId, []).Any(one => one.RevocationId == revocation.RevocationId || Includes(one, revocation));

    /// <summary>Records one; durable when it returns. The same one, told twice, is one.</summary>
    public void Add(AuthorizationRevocation revocation)
    {
        lock (_lock)
        {
            if (!Remember(revocation))
                return;
            _file.Write(Line(revocation));
            _file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Whether a token is void.</summary>
    public bool Cover(AccessToken token, string apiId)
    {
        if (_byInvoker.IsEmpty || !_byInvoker.TryGetValue(token.ApiInvokerId, out var revoked))
            return false;
        var presented = token.Present(apiId);
        foreach (var one in revoked)
        {
            if (one.Covers(presented))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool Remember(AuthorizationRevocation revocation)
    {
        var before = _byInvoker.GetValueOrDefault(revocation.ApiInvokerId, []);
        if (before.Any(one => one.RevocationId == revocation.RevocationId))
            return false;
        // A later one that covers the same says all that an earlier one said.
        _byInvoker[revocation.ApiInvokerId] = [.. before.Where(one => !Includes(revocation, one)), revocation];
        return true;
    }

    private static bool Includes(AuthorizationRevocation later, AuthorizationRevocation earlier) =>
        later.RevokedAt >= earlier.RevokedAt && later.ApiIds.IsEmpty && later.Gpsi is null && later.TokenSha256 is null;

    private static IEnumerable<AuthorizationRevocation> Read(string path)
    {
        if (!File.Exists(path))
            yield break;
        foreach (var line in File.ReadLines(path))
        {
            AuthorizationRevocation? read;
            try
            {
                read = JsonSerializer.Deserialize(line, RevocationJson.Default.AuthorizationRevocation);
            }
            catch (JsonException)
            {
                // The last line, which the power's end cut off: nobody was told that it is there.
                continue;
            }

            if (read is not null)
                yield return read;
        }
    }

    private static byte[] Line(AuthorizationRevocation revocation) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(revocation, RevocationJson.Default.AuthorizationRevocation), (byte)'\n'];
}

/// <summary>Their JSON.</summary>
[JsonSerializable(typeof(AuthorizationRevocation))]
internal sealed partial class RevocationJson : JsonSerializerContext;
