using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CapifOrleans.Silo.Demo;

/// <summary>Checks an access token as an AEF does: by the published keys, and nothing else of ours.</summary>
internal static class DemoToken
{
    /// <summary>The claims of a token whose ES256 signature one of the keys made.</summary>
    public static JsonNode Verify(string token, JsonNode jwks)
    {
        var parts = token.Split('.');
        DemoFailure.Unless(parts.Length == 3, "the token is a compact JWS (RFC 7515)");
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        DemoFailure.Unless(header["alg"]?.GetValue<string>() == "ES256", "the token is signed by ES256");
        var kid = header["kid"]!.GetValue<string>();
        var key = jwks["keys"]!.AsArray().SingleOrDefault(one => one!["kid"]!.GetValue<string>() == kid)
            ?? throw new DemoFailure("the key that signed the token is published");
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = { X = Base64Url.DecodeFromChars(key["x"]!.GetValue<string>()), Y = Base64Url.DecodeFromChars(key["y"]!.GetValue<string>()) },
        });
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        DemoFailure.Unless(
            ecdsa.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256), "the token's signature verifies");
        return JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
    }
}
