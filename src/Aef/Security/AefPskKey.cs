using System.Text.Json;
using CapifOrleans.Security;

namespace CapifOrleans.Aef.Security;

/// <summary>An AEFPSK and until when it is valid (33.122 6.5.2.1 step 5). Every derivation is an object of its own.</summary>
internal sealed class AefPskKey
{
    private AefPskKey(byte[] key, DateTimeOffset expiresAt)
    {
        Key = key;
        ExpiresAt = expiresAt;
    }

    /// <summary>The key. It is secret.</summary>
    public byte[] Key { get; }

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Reads what a core function gave; null where it is no key of this API invoker.</summary>
    public static AefPskKey? Read(string authenticationInfo, string apiInvokerId, DateTimeOffset now)
    {
        try
        {
            var information = AefPskInformation.Parse(authenticationInfo);
            if (information.PskIdentity != apiInvokerId || information.ValidityTime <= 0 || information.AefPsk is not { } text)
                return null;
            var key = Convert.FromBase64String(text);
            // Longer ones are none that Annex A derives, shorter ones none that protect.
            return key.Length == AefPsk.Length ? new AefPskKey(key, now + TimeSpan.FromSeconds(Math.Min(information.ValidityTime, int.MaxValue))) : null;
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Not the key.</summary>
    public override string ToString() => nameof(AefPskKey);
}
