using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Aef.Configuration;

namespace CapifOrleans.Aef.Tests;

/// <summary>An AEF's identity with a certificate of its own making.</summary>
internal static class TestIdentity
{
    public static AefIdentity Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new AefIdentity
        {
            AefId = "aef-1",
            Certificate = new CertificateRequest("CN=aef-1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1)),
            ServiceApis = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("location", "api-1").Add("plain", "api-2"),
        };
    }
}
