using CapifOrleans.Publish;

namespace CapifOrleans.Aef.Configuration;

/// <summary>A service API and the HTTP service behind it.</summary>
public sealed record ExposedApi
{
    /// <summary>Its name; the first segment of its path (29.222 7.5).</summary>
    public required string ApiName { get; set; }

    /// <summary>The apiId that the core function gave; null where <c>aef register</c> has it on record.</summary>
    public string? ApiId { get; set; }

    /// <summary>Its versions; the second segment of its path.</summary>
    public ImmutableArray<string> Versions { get; set; } = ["v1"];

    /// <summary>
    /// The service: what stands for <c>/apiName/apiVersion</c> there. <c>{apiVersion}</c> in it is replaced. Absent where the AEF hides
    /// another one, which it asks the core function for (23.222 8.27).
    /// </summary>
    public string? Upstream { get; set; }

    /// <summary>PEM file with the roots that an https upstream's certificate chains to; absent for the system's.</summary>
    public string? UpstreamRoot { get; set; }

    /// <summary>Seconds without any progress after which an upstream is given up.</summary>
    public int UpstreamTimeoutSeconds { get; set; } = 30;

    /// <summary>The security methods to publish, the preferred first.</summary>
    public ImmutableArray<SecurityMethod> SecurityMethods { get; set; } = [SecurityMethod.Psk, SecurityMethod.Pki, SecurityMethod.Oauth];

    /// <summary>Its resources: what scopes may name, and what logs call them.</summary>
    public ImmutableArray<ExposedResource> Resources { get; set; } = [];

    /// <summary>What is published of it, for people.</summary>
    public string? Description { get; set; }

    /// <summary>The most octets of a request's body; 0 for no bound.</summary>
    public long MaxRequestBody { get; set; }
}

/// <summary>A resource of a service API.</summary>
public sealed record ExposedResource
{
    /// <summary>Its name.</summary>
    public required string Name { get; set; }

    /// <summary>Its path after the version, as <c>/subscriptions</c>; what lies below it belongs to it.</summary>
    public required string Uri { get; set; }

    /// <summary>The methods that it has.</summary>
    public ImmutableArray<Operation> Operations { get; set; } = [];
}
