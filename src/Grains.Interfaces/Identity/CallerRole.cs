namespace CapifOrleans;

/// <summary>What a caller is (TS 23.222 clause 6.3). It comes from the stored record, never from a name.</summary>
[GenerateSerializer, Alias("capif.CallerRole")]
public enum CallerRole
{
    /// <summary>Not authenticated.</summary>
    None = 0,

    /// <summary>API invoker.</summary>
    ApiInvoker = 1,

    /// <summary>API management function.</summary>
    Amf = 2,

    /// <summary>API publishing function.</summary>
    Apf = 3,

    /// <summary>API exposing function.</summary>
    Aef = 4,

    /// <summary>CAPIF core function of another operator.</summary>
    Ccf = 5,

    /// <summary>The operator's own administrator, by a certificate of <c>pki issue --role superadmin</c>.</summary>
    Superadmin = 6,
}
