using System.Text.Json;

namespace CapifOrleans.Aef.Configuration;

/// <summary>What <c>aef register</c> made: identifiers only. Keys and certificates lie beside it.</summary>
public sealed record AefRegistration
{
    /// <summary>The name of its file in the AEF's folder.</summary>
    public const string FileName = "registration.json";

    /// <summary>The API provider domain.</summary>
    public required string ApiProvDomId { get; set; }

    /// <summary>Its API management function.</summary>
    public required string AmfId { get; set; }

    /// <summary>Its API publishing function.</summary>
    public required string ApfId { get; set; }

    /// <summary>Its API exposing function: this one.</summary>
    public required string AefId { get; set; }

    /// <summary>The apiId of each published service API, by its name.</summary>
    public ImmutableDictionary<string, string> ServiceApis { get; set; } = [];

    /// <summary>The subscription to events.</summary>
    public string? SubscriptionId { get; set; }

    /// <summary>Reads it; null where there is none yet.</summary>
    /// <exception cref="AefConfigurationException">It cannot be read.</exception>
    public static AefRegistration? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), AefConfigurationJson.Default.AefRegistration) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new AefConfigurationException($"{path}: cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Writes it in the place of what was there, durably.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this, AefConfigurationJson.Default.AefRegistration));
    }
}
