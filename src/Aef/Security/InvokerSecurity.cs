using System.Security.Cryptography;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Aef.Security;

/// <summary>The security information of an API invoker at this AEF, as the core function gave it at one time.</summary>
internal sealed class InvokerSecurity
{
    private readonly ImmutableArray<SecurityInformation> _entries;

    public InvokerSecurity(string apiInvokerId, ServiceSecurity context, long fetchedAt, DateTimeOffset now, TrustBundles bundles)
    {
        ApiInvokerId = apiInvokerId;
        FetchedAt = fetchedAt;
        _entries = context.SecurityInfo;
        foreach (var entry in _entries)
        {
            if (entry.AuthenticationInfo is not { } information)
                continue;
            if (entry.SelSecurityMethod == SecurityMethod.Psk)
                Psk ??= AefPskKey.Read(information, apiInvokerId, now);
            else if (entry.SelSecurityMethod == SecurityMethod.Pki)
                TrustAnchors ??= bundles.Read(information);
        }
    }

    /// <summary>The API invoker.</summary>
    public string ApiInvokerId { get; }

    /// <summary>When it was asked for, as a timestamp of the clock.</summary>
    public long FetchedAt { get; }

    /// <summary>The AEFPSK; null where the method is another one, or the key has expired.</summary>
    public AefPskKey? Psk { get; private set; }

    /// <summary>What the invoker's certificate must chain to (33.122 6.5.2.2); null where the method is another one.</summary>
    public TrustBundle? TrustAnchors { get; }

    /// <summary>The methods in force for a service API: those of its own entries, otherwise of the entries for all. None: it is not authorized.</summary>
    public MethodsInForce MethodsFor(string apiId)
    {
        var own = default(MethodsInForce);
        var all = default(MethodsInForce);
        foreach (var entry in _entries)
        {
            if (entry.SelSecurityMethod is not { } method)
                continue;
            if (entry.ApiId is null)
                all = all.With(method);
            else if (entry.ApiId == apiId)
                own = own.With(method);
        }

        return own.IsNone ? all : own;
    }

    /// <summary>This one; a key that is the same as before stays the object that it was, with the end of its validity that was told first.</summary>
    public InvokerSecurity KeepKeyOf(InvokerSecurity? before)
    {
        if (Psk is { } now && before?.Psk is { } then && CryptographicOperations.FixedTimeEquals(now.Key, then.Key))
            Psk = then;
        return this;
    }

    /// <summary>What JWK sets came with it (method OAUTH).</summary>
    public string? TokenKeys()
    {
        foreach (var entry in _entries)
        {
            if (entry is { SelSecurityMethod: SecurityMethod.Oauth, AuthorizationInfo: { } information })
                return information;
        }

        return null;
    }
}

/// <summary>A set of security methods.</summary>
internal readonly record struct MethodsInForce
{
    private readonly int _bits;

    private MethodsInForce(int bits) => _bits = bits;

    /// <summary>Whether there is none.</summary>
    public bool IsNone => _bits == 0;

    /// <summary>These and one more.</summary>
    public MethodsInForce With(SecurityMethod method) => new(_bits | (1 << (int)method));

    /// <summary>Whether it is one of them.</summary>
    public bool Has(SecurityMethod method) => (_bits & (1 << (int)method)) != 0;
}
