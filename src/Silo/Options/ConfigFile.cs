using System.Text.Json;

namespace CapifOrleans.Silo.Options;

/// <summary>The configuration file: one JSON object, the keys of <see cref="Settings"/>, values as text, numbers or (lists) arrays of text.</summary>
internal sealed class ConfigFile
{
    private static readonly JsonDocumentOptions Format = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 4,
    };

    private ConfigFile(string path, Dictionary<string, IReadOnlyList<string>> values)
    {
        Path = path;
        Values = values;
    }

    /// <summary>Where it lies, as it was named.</summary>
    public string Path { get; }

    /// <summary>Its values by key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Values { get; }

    /// <summary>Reads it; null where it is no such object.</summary>
    public static ConfigFile? Read(string path, List<string> faults)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Format);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new ConfigFile(path, ReadValues(path, document.RootElement, faults));
            faults.Add($"{path}: is not a JSON object; write {{ \"core-port\": 8443 }}.");
        }
        catch (JsonException fault)
        {
            faults.Add($"{path}: is not JSON: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path}: cannot be read: {fault.Message}");
        }

        return null;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadValues(string path, JsonElement root, List<string> faults)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (Settings.All.FirstOrDefault(setting => setting.Name == property.Name) is not { } setting)
                faults.Add($"{path}: {property.Name}: there is no such setting; remove it or correct its name (serve --help lists them).");
            else if (setting.IsSecret)
                faults.Add($"{path}: {property.Name}: is a secret, which does not belong into a file that others read; use {setting.VariableName}.");
            else if (Texts(property.Value, setting.IsList) is { } texts)
                values[property.Name] = texts;
            else
                faults.Add($"{path}: {property.Name}: must be {(setting.IsList ? "text or a list of texts" : "text or a number")}.");
        }

        return values;
    }

    private static string[]? Texts(JsonElement value, bool list) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.Array when list && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(item => item.GetString()!)],
        _ => null,
    };
}
