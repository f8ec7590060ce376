using System.Security.Cryptography;
using CapifOrleans.Tls.Native;

namespace CapifOrleans.Tls.Tests;

public sealed class OpenSslEcdsaTests
{
    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    public void Signature_IsOfItsKeyAndHashOnly(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var hash = SHA256.HashData("signed"u8);
        var signature = key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

        Assert.True(OpenSslEcdsa.Verify(Point(key), hash, signature));
        Assert.False(OpenSslEcdsa.Verify(Point(other), hash, signature));
        Assert.False(OpenSslEcdsa.Verify(Point(key), SHA256.HashData("other"u8), signature));
        signature[^1] ^= 1;
        Assert.False(OpenSslEcdsa.Verify(Point(key), hash, signature));
    }

    [Fact]
    public void WhatIsNoKeyOrNoSignature_IsRefusedAndLeavesNoErrorBehind()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var hash = SHA256.HashData("signed"u8);
        var signature = key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);
        var offCurve = Point(key);
        offCurve[^1] ^= 1;
        LibCrypto.ERR_clear_error();

        Assert.False(OpenSslEcdsa.Verify(offCurve, hash, signature));
        Assert.False(OpenSslEcdsa.Verify([0], hash, signature));
        Assert.False(OpenSslEcdsa.Verify([], hash, signature));
        Assert.False(OpenSslEcdsa.Verify(Point(key).AsSpan(0, 33), hash, signature));
        Assert.False(OpenSslEcdsa.Verify(Point(key), hash, []));
        Assert.False(OpenSslEcdsa.Verify(Point(key), hash, "no signature"u8));
        Assert.False(OpenSslEcdsa.Verify(Point(key), hash, [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]));
        Assert.Equal((nuint)0, LibCrypto.ERR_get_error());
    }

    private static byte[] Point(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }
}
