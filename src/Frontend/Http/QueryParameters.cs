using System.Globalization;
using System.Text.Json;
using CapifOrleans.Json;

namespace CapifOrleans.Frontend.Http;

/// <summary>
/// Reads query parameters with their types and collects what is wrong with them, so that one answer names it all (29.500 5.2.7.2). An unknown
/// parameter is ignored.
/// </summary>
internal sealed class QueryParameters(HttpRequest request)
{
    private readonly ImmutableArray<InvalidParam>.Builder _faults = ImmutableArray.CreateBuilder<InvalidParam>();
    private string? _cause;

    /// <summary>Why the request is refused; null when nothing is wrong.</summary>
    public Refusal? Refusal => _faults.Count == 0 ? null : new Refusal
    {
        Kind = ErrorKind.InvalidRequest,
        Detail = string.Join("; ", _faults.Select(fault => $"{fault.Param} {fault.Reason}")),
        Cause = _cause,
        InvalidParams = _faults.ToImmutable(),
    };

    /// <summary>A text that must be there.</summary>
    public string Required(string name)
    {
        if (Text(name) is { Length: > 0 } text)
            return text;
        if (_faults.All(fault => fault.Param != name))
            Fault(name, "is missing", "MANDATORY_QUERY_PARAM_MISSING");
        return "";
    }

    /// <summary>A text.</summary>
    public string? Text(string name)
    {
        var given = request.Query[name];
        if (given.Count > 1)
            Fault(name, "must be given once");
        return given.Count == 0 ? null : given[0];
    }

    /// <summary>A comma-separated list.</summary>
    public ImmutableArray<string>? List(string name) => Text(name) is { } text ? [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)] : null;

    /// <summary>A value of an enumeration, by its wire name.</summary>
    public T? Enumeration<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        if (WireNames.Find<T>(text) is { } value)
            return value;
        Fault(name, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(one => WireNames.Of(one)))}");
        return null;
    }

    /// <summary>A Boolean; false when absent.</summary>
    public bool Boolean(string name)
    {
        if (Text(name) is not { } text)
            return false;
        if (bool.TryParse(text, out var value))
            return value;
        Fault(name, "must be true or false");
        return false;
    }

    /// <summary>A date-time.</summary>
    public DateTimeOffset? DateTime(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // A plus sign that was not encoded arrives as a space.
        if (WireDateTime.TryParse(text.Replace(' ', '+'), out var value))
            return value.Instant;
        Fault(name, "must be an RFC 3339 date-time");
        return null;
    }

    /// <summary>Features.</summary>
    public SupportedFeatures? Features(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (SupportedFeatures.TryParse(text, out var value))
            return value;
        Fault(name, "must be hexadecimal digits");
        return null;
    }

    /// <summary>An object as JSON (29.122 5.2.12).</summary>
    public T? Object<T>(string name)
        where T : class
    {
        if (Text(name) is not { } text)
            return null;
        if (WireValidator.TryRead<T>(System.Text.Encoding.UTF8.GetBytes(text), out var value, out var refusal))
            return value;
        Fault(name, "must be an object as JSON: " + refusal.Detail);
        return null;
    }

    /// <summary>
    /// An array of objects as JSON, of at least one. Without its brackets it is read as well: the form of a comma-separated list, in which
    /// clients write an array whose document does not say JSON.
    /// </summary>
    public ImmutableArray<T>? Objects<T>(string name)
        where T : class
    {
        if (Text(name) is not { } text)
            return null;
        if (text.TrimStart().StartsWith('{'))
            text = $"[{text}]";
        try
        {
            using var document = JsonDocument.Parse(text);
            var objects = ImmutableArray.CreateBuilder<T>();
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (!WireValidator.TryRead<T>(System.Text.Encoding.UTF8.GetBytes(element.GetRawText()), out var value, out var refusal))
                {
                    Fault(name, $"must be an array of objects as JSON: [{objects.Count}] {refusal.Detail}");
                    return null;
                }

                objects.Add(value);
            }

            if (objects.Count > 0)
                return objects.ToImmutable();
            Fault(name, "must have at least 1 item");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            Fault(name, "must be an array of objects as JSON");
        }

        return null;
    }

    /// <summary>An array of an enumeration's wire names as JSON, of at least one.</summary>
    public ImmutableArray<T>? Enumerations<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        var values = ImmutableArray.CreateBuilder<T>();
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (element.GetString() is not { } item || WireNames.Find<T>(item) is not { } value)
                {
                    Fault(name, $"[{values.Count}] must be one of {string.Join(", ", Enum.GetValues<T>().Select(one => WireNames.Of(one)))}");
                    return null;
                }

                values.Add(value);
            }

            if (values.Count > 0)
                return values.ToImmutable();
            Fault(name, "must have at least 1 item");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            Fault(name, "must be an array of strings as JSON");
        }

        return null;
    }

    /// <summary>Notes a fault.</summary>
    public void Fault(string name, string reason, string cause = "OPTIONAL_QUERY_PARAM_INCORRECT")
    {
        _cause ??= cause;
        _faults.Add(InvalidParam.Of(name, reason.ToString(CultureInfo.InvariantCulture)));
    }
}
