using System.Net;

namespace CapifOrleans.Client;

/// <summary>Discovery (TS 29.222 5.2.2.2).</summary>
public sealed partial class ApiInvoker
{
    /// <summary>The service APIs that the filter lets through and that this API invoker may know of; none is no fault.</summary>
    /// <exception cref="CapifException">The core function refused.</exception>
    public async Task<IReadOnlyList<ServiceApiDescription>> DiscoverAsync(DiscoveryFilter? filter = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await Core().SendAsync(
                "The discovery", HttpMethod.Get, "service-apis/v1/allServiceAPIs" + (filter ?? new DiscoveryFilter()).Query(ApiInvokerId), null,
                ClientJson.Default.DiscoveredApis, cancellationToken);
            return answer.Body?.ServiceApiDescriptions ?? [];
        }
        catch (CapifException refused) when (refused.StatusCode == HttpStatusCode.NotFound)
        {
            // The answer has no empty list (8.1.4.2.2, 1..N): some core functions say so with 404, others without the list.
            return [];
        }
    }
}
