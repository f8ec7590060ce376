using System.Text.Json.Serialization.Metadata;

namespace CapifOrleans.Grains.Pki;

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(CertificateRevocationState))]
[JsonSerializable(typeof(CertificateAuthorityState))]
internal sealed partial class PkiStateContext : JsonSerializerContext;

/// <summary>Registers the certification authority.</summary>
public static class PkiServices
{
    /// <summary>Adds it; the store is opened, or made, when it is first asked for.</summary>
    public static IServiceCollection AddPki(this IServiceCollection services, PkiOptions options) => services
        .AddSingleton(options)
        .AddSingleton<IJsonTypeInfoResolver>(PkiStateContext.Default)
        .AddSingleton<CertificateAuthorityStore>()
        .AddSingleton<SecretBox>()
        .AddSingleton<ICertificateIssuer, CertificateIssuer>()
        .AddSingleton<ITokenSigningKeys, TokenSigningKeys>();

    /// <summary>Makes what a first start makes, and a new key of tokens where the operator chose another algorithm since.</summary>
    /// <exception cref="PkiException">Something that is there cannot be used.</exception>
    public static void Prepare(PkiOptions options, TimeProvider time)
    {
        using var store = new CertificateAuthorityStore(options, time);
        using var keys = new TokenSigningKeys(store, options, time);
    }
}
