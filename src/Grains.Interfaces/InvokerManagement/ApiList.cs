using CapifOrleans.Publish;

namespace CapifOrleans.InvokerManagement;

/// <summary>The service APIs that an API invoker wants, or may use (TS 29.222 8.4.4.2.4).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.APIList")]
public sealed record ApiList
{
    /// <summary>Service API descriptions.</summary>
    [Id(0), JsonPropertyName("serviceAPIDescriptions"), MinItems(1)]
    public ImmutableArray<ServiceApiDescription>? ServiceApiDescriptions { get; init; }
}
