using CapifOrleans.Aef.Security;

namespace CapifOrleans.Aef.Exposure;

/// <summary>One invocation on its way, as a feature of its request.</summary>
internal sealed class Invocation
{
    /// <summary>The service API.</summary>
    public required ServiceApi Api { get; init; }

    /// <summary>The target as it came.</summary>
    public required RequestTarget Target { get; init; }

    /// <summary>What of the path comes after the service API's root.</summary>
    public required string Rest { get; init; }

    /// <summary>The resource; null where the path is none of the service API's.</summary>
    public string? Resource { get; init; }

    /// <summary>The API invoker.</summary>
    public string ApiInvokerId { get; set; } = "";

    /// <summary>Its token, with method OAUTH.</summary>
    public AccessToken? Token { get; set; }

    /// <summary>The address of the service, without a slash at its end.</summary>
    public string Destination { get; set; } = "";
}
