using System.Text.Json.Serialization.Metadata;
using CapifOrleans.Grains.Events;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Publish;

/// <summary>What an APF's publisher stores.</summary>
internal sealed class ServicePublisherState
{
    /// <summary>The APF's domain.</summary>
    public string ApiProvDomId { get; set; } = "";

    /// <summary>The enrolment user who registered that domain.</summary>
    public string? EnrolmentUser { get; set; }

    /// <summary>Whether the APF, which is still registered, ever published.</summary>
    public bool HasPublished { get; set; }

    /// <summary>The published service APIs, in the order in which they came.</summary>
    public List<ServiceApiDescription> Published { get; set; } = [];

    /// <summary>Service APIs that are gone and whose access control policies must go as well, with the AEFs that exposed them.</summary>
    public Dictionary<string, List<string>> PoliciesToRemove { get; set; } = [];

    /// <summary>Events that are not yet with their subscribers.</summary>
    public List<PendingEvent> PendingEvents { get; set; } = [];
}

/// <summary>The state types of this feature.</summary>
[JsonSerializable(typeof(ServicePublisherState))]
internal sealed partial class PublishStateContext : JsonSerializerContext;

/// <summary>Registers what publishing needs.</summary>
internal static class PublishServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddPublishGrains(this IServiceCollection services) =>
        services.AddSingleton<IJsonTypeInfoResolver>(PublishStateContext.Default);
}
