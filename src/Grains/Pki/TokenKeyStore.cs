using System.Security.Cryptography;
using System.Text.Json;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// The files of the keys that sign tokens: <c>token-signing.json</c> says which there are and from when on each signs; each key is a file of
/// its own, encrypted like every other. A key's file is on the disk before the record names it, and goes after the record forgot it.
/// </summary>
internal sealed class TokenKeyStore
{
    private const string RecordFile = "token-signing.json";
    private const string FirstKeyFile = "token-signing.key";
    private readonly string _folder;
    private readonly string _keyEncryptionKey;
    private readonly List<(TokenKeyRecord Record, TokenKey Key)> _keys = [];

    /// <summary>Reads them, or makes the first.</summary>
    /// <exception cref="PkiException">One cannot be read.</exception>
    public TokenKeyStore(PkiOptions options, string keyEncryptionKey, DateTimeOffset now)
    {
        _folder = options.Folder;
        _keyEncryptionKey = keyEncryptionKey;
        foreach (var record in ReadRecords())
            _keys.Add((record, ReadKey(record)));
        if (_keys.Count == 0)
            AddFirst(options.TokenAlgorithm, now);
    }

    /// <summary>The keys, by the time from which on each signs.</summary>
    public IReadOnlyList<(TokenKeyRecord Record, TokenKey Key)> Keys => _keys;

    /// <summary>Makes a key that signs from <paramref name="signsFrom"/> on; durable when it returns.</summary>
    public TokenKeyRecord Add(TokenAlgorithm algorithm, DateTimeOffset now, DateTimeOffset signsFrom)
    {
        var key = TokenKey.Generate(algorithm);
        var made = TokenKey.Of(key);
        var record = new TokenKeyRecord
        {
            KeyId = made.KeyId,
            File = $"token-signing-{made.KeyId}.key",
            Algorithm = algorithm,
            CreatedAt = now,
            SignsFrom = signsFrom,
        };
        KeyFile.Write(In(record.File), key, _keyEncryptionKey);
        Write([.. _keys.Select(one => one.Record), record]);
        _keys.Add((record, made));
        return record;
    }

    /// <summary>Replaces the record of a key that does not sign yet.</summary>
    public void Update(TokenKeyRecord record)
    {
        var index = _keys.FindIndex(one => one.Record.KeyId == record.KeyId);
        Write([.. _keys.Select(one => one.Record.KeyId == record.KeyId ? record : one.Record)]);
        _keys[index] = (record, _keys[index].Key);
    }

    /// <summary>Forgets the oldest key. Its memory is left to whoever is still using it.</summary>
    public void RemoveOldest()
    {
        var oldest = _keys[0].Record;
        Write([.. _keys.Skip(1).Select(one => one.Record)]);
        _keys.RemoveAt(0);
        File.Delete(In(oldest.File));
    }

    private void AddFirst(TokenAlgorithm algorithm, DateTimeOffset now)
    {
        // A folder of a version that had one key, and no record of it.
        if (!File.Exists(In(FirstKeyFile)))
        {
            using var made = TokenKey.Generate(algorithm);
            KeyFile.Write(In(FirstKeyFile), made, _keyEncryptionKey);
        }
        else
        {
            algorithm = TokenAlgorithm.Es256;
        }

        var record = new TokenKeyRecord { KeyId = "", File = FirstKeyFile, Algorithm = algorithm, CreatedAt = now, SignsFrom = now };
        TokenKey key;
        try
        {
            key = ReadKey(record);
        }
        catch (PkiException) when (algorithm == TokenAlgorithm.Es256)
        {
            // An RSA key whose record was not written any more.
            record = record with { Algorithm = TokenAlgorithm.Rs256 };
            key = ReadKey(record);
        }

        record = record with { KeyId = key.KeyId };
        Write([record]);
        _keys.Add((record, key));
    }

    private TokenKey ReadKey(TokenKeyRecord record)
    {
        AsymmetricAlgorithm read = record.Algorithm == TokenAlgorithm.Rs256
            ? KeyFile.ReadRsa(In(record.File), _keyEncryptionKey)
            : KeyFile.Read(In(record.File), _keyEncryptionKey);
        var key = TokenKey.Of(read);
        if (record.KeyId.Length > 0 && key.KeyId != record.KeyId)
            throw new PkiException($"{In(record.File)} is not the key that {In(RecordFile)} names.");
        return key;
    }

    private IReadOnlyList<TokenKeyRecord> ReadRecords()
    {
        if (!File.Exists(In(RecordFile)))
            return [];
        try
        {
            var records = JsonSerializer.Deserialize(File.ReadAllBytes(In(RecordFile)), TokenKeyRecordContext.Default.TokenKeyRecords);
            // Names of files in this folder, and nothing that leads out of it.
            if (records is { Version: 1 } && records.Keys.All(one => one.File == Path.GetFileName(one.File)))
                return [.. records.Keys.OrderBy(one => one.SignsFrom)];
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PkiException($"{In(RecordFile)} cannot be read; restore it from a backup.", fault);
        }

        throw new PkiException($"{In(RecordFile)} is of another version, or names a file elsewhere; restore it from a backup.");
    }

    private void Write(IReadOnlyList<TokenKeyRecord> records) => KeyFile.WriteText(
        In(RecordFile), JsonSerializer.Serialize(new TokenKeyRecords { Keys = records }, TokenKeyRecordContext.Default.TokenKeyRecords) + "\n", secret: true);

    private string In(string name) => Path.Combine(_folder, name);
}
