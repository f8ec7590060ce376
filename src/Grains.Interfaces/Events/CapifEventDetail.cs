using CapifOrleans.InvokerManagement;
using CapifOrleans.Logging;
using CapifOrleans.Publish;

namespace CapifOrleans.Events;

/// <summary>What an event is about (TS 29.222 8.3.4.2.5).</summary>
[GenerateSerializer, Immutable, Alias("CAPIF.CAPIFEventDetail")]
public sealed record CapifEventDetail
{
    /// <summary>Service API descriptions.</summary>
    [Id(0), JsonPropertyName("serviceAPIDescriptions"), MinItems(1)]
    public ImmutableArray<ServiceApiDescription>? ServiceApiDescriptions { get; init; }

    /// <summary>API identifiers.</summary>
    [Id(1), JsonPropertyName("apiIds"), MinItems(1)]
    public ImmutableArray<string>? ApiIds { get; init; }

    /// <summary>API invoker identifiers.</summary>
    [Id(2), JsonPropertyName("apiInvokerIds"), MinItems(1)]
    public ImmutableArray<string>? ApiInvokerIds { get; init; }

    /// <summary>Access control pol list.</summary>
    [Id(3), JsonPropertyName("accCtrlPolList")]
    public AccessControlPolicyListExt? AccCtrlPolList { get; init; }

    /// <summary>Invocation logs.</summary>
    [Id(4), JsonPropertyName("invocationLogs"), MinItems(1)]
    public ImmutableArray<InvocationLog>? InvocationLogs { get; init; }

    /// <summary>API topology hide.</summary>
    [Id(5), JsonPropertyName("apiTopoHide")]
    public TopologyHiding? ApiTopoHide { get; init; }

    /// <summary>Onboarding criteria.</summary>
    [Id(6), JsonPropertyName("onboardingCriteria"), MinItems(1)]
    public ImmutableArray<OnboardingCriteria>? OnboardingCriteria { get; init; }

    /// <summary>Onboarded count.</summary>
    [Id(7), JsonPropertyName("onboardedCount"), MinItems(1)]
    public ImmutableArray<ApiInvokerCount>? OnboardedCount { get; init; }

    /// <summary>Discovery count.</summary>
    [Id(8), JsonPropertyName("discoveryCount"), MinItems(1)]
    public ImmutableArray<DiscoveryCount>? DiscoveryCount { get; init; }
}
