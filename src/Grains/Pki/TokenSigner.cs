using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CapifOrleans.Grains.Pki;

/// <summary>Signs tokens of one type by the key whose turn it is, and knows those of every key that is still published.</summary>
public sealed class TokenSigner
{
    private readonly TokenSigningKeys _keys;
    private readonly Func<TokenKeyRing, IReadOnlyList<JwsSigner>> _signers;

    internal TokenSigner(TokenSigningKeys keys, Func<TokenKeyRing, IReadOnlyList<JwsSigner>> signers)
    {
        _keys = keys;
        _signers = signers;
    }

    /// <summary>The identifier of the key that signs now.</summary>
    public string KeyId => _keys.Ring.Current.KeyId;

    /// <summary>Signs claims, given as UTF-8 JSON.</summary>
    public string Sign(ReadOnlySpan<byte> claims)
    {
        var ring = _keys.Ring;
        return _signers(ring)[ring.CurrentIndex].Sign(claims);
    }

    /// <summary>Whether the token says that it is of this type and of a key that is still published; the signature is not looked at.</summary>
    public bool Knows(string token)
    {
        foreach (var signer in _signers(_keys.Ring))
        {
            if (signer.IsOfHeader(token))
                return true;
        }

        return false;
    }

    /// <summary>The claims of a token that one of the keys signed as this type; false for every other text.</summary>
    public bool TryVerify(string token, [NotNullWhen(true)] out JsonDocument? claims)
    {
        claims = null;
        foreach (var signer in _signers(_keys.Ring))
        {
            if (signer.IsOfHeader(token))
                return signer.TryVerify(token, out claims);
        }

        return false;
    }
}

/// <summary>The keys as they are for a while: which one signs, and all that are published.</summary>
internal sealed class TokenKeyRing
{
    public TokenKeyRing(IReadOnlyList<TokenKey> keys, int currentIndex, DateTimeOffset changesAt)
    {
        CurrentIndex = currentIndex;
        Current = keys[currentIndex];
        ChangesAt = changesAt;
        AccessTokens = [.. keys.Select(key => new JwsSigner(key, "at+jwt"))];
        EnrolmentCredentials = [.. keys.Select(key => new JwsSigner(key, "capif-enrolment+jwt"))];
        JwkSetText = $$"""{"keys":[{{string.Join(',', keys.Select(key => key.Jwk))}}]}""";
        JwkSet = System.Text.Encoding.ASCII.GetBytes(JwkSetText);
    }

    /// <summary>The key that signs.</summary>
    public TokenKey Current { get; }

    /// <summary>Its place among the signers.</summary>
    public int CurrentIndex { get; }

    /// <summary>When another key takes over, or the oldest is forgotten.</summary>
    public DateTimeOffset ChangesAt { get; }

    /// <summary>Signers of access tokens.</summary>
    public IReadOnlyList<JwsSigner> AccessTokens { get; }

    /// <summary>Signers of enrolment credentials.</summary>
    public IReadOnlyList<JwsSigner> EnrolmentCredentials { get; }

    /// <summary>The JWK set.</summary>
    public string JwkSetText { get; }

    /// <summary>The JWK set, as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> JwkSet { get; }
}
