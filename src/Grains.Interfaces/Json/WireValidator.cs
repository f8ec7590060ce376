using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace CapifOrleans.Json;

/// <summary>
/// Checks a body against its wire type before it is read, and names every attribute at fault at once. It throws for no input, and what it
/// lets pass can be read. Attributes are named as <c>apiProvFuncs[0].regInfo.apiProvPubKey</c>.
/// </summary>
public static class WireValidator
{
    // A body may be wrong in thousands of places; nobody reads that many.
    private const int MostFaults = 32;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = WireJson.MaxDepth,
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    /// <summary>Reads a body; false with a refusal (29.500 5.2.7.2 causes) where it is not as its type wants it.</summary>
    public static bool TryRead<T>(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
        where T : class
    {
        value = null;
        refusal = Check(utf8, typeof(T));
        if (refusal is not null)
            return false;
        value = WireJson.Deserialize<T>(utf8.Span);
        return true;
    }

    private static Refusal? Check(ReadOnlyMemory<byte> utf8, Type type)
    {
        try
        {
            // JsonDocument reads strings lazily: text that is no UTF-8 would come out later, as an exception.
            _ = StrictUtf8.GetCharCount(utf8.Span);
            using var document = JsonDocument.Parse(utf8, Strict);
            var faults = new FaultList();
            CheckValue(document.RootElement, WireType.Of(type), null, "", faults);
            return faults.ToRefusal();
        }
        catch (DecoderFallbackException)
        {
            return Malformed("The body is not UTF-8.");
        }
        catch (JsonException fault)
        {
            return Malformed($"The body is not JSON as it should be: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine}.");
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escaped string: JSON, but no text.
            return Malformed("The body holds a string that is no Unicode text.");
        }
    }

    private static void CheckValue(JsonElement value, WireType type, WireAttribute? attribute, string path, FaultList faults)
    {
        var reason = type.Kind switch
        {
            WireKind.Record => value.ValueKind == JsonValueKind.Object ? null : "must be an object",
            WireKind.Array => value.ValueKind == JsonValueKind.Array ? null : "must be an array",
            WireKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
            WireKind.Integer => CheckInteger(value, attribute),
            WireKind.Number => CheckNumber(value, attribute),
            WireKind.Any => value.ValueKind == JsonValueKind.Null ? "must not be null" : CheckAny(value),
            _ => value.ValueKind == JsonValueKind.String ? CheckText(value.GetString()!, type, attribute) : "must be a string",
        };
        if (reason is not null)
        {
            faults.Incorrect(path.Length == 0 ? "(body)" : path, reason, attribute?.IsRequired != false);
            return;
        }

        if (type.Kind == WireKind.Record)
            CheckRecord(value, type, path, faults);
        else if (type.Kind == WireKind.Array)
            CheckArray(value, type, attribute, path, faults);
    }

    private static void CheckRecord(JsonElement value, WireType type, string path, FaultList faults)
    {
        foreach (var attribute in type.Attributes)
        {
            var name = path.Length == 0 ? attribute.Name : $"{path}.{attribute.Name}";
            if (!value.TryGetProperty(attribute.Name, out var given))
            {
                if (attribute.IsRequired)
                    faults.Missing(name);
                continue;
            }

            CheckValue(given, attribute.Type, attribute, name, faults);
        }

        // Names and texts of attributes that nobody reads must be text all the same, since some are kept.
        foreach (var property in value.EnumerateObject())
        {
            if (type.Find(property.Name) is null)
                CheckAny(property.Value);
        }

        if (type.ExactlyOneOf.Count > 0 && type.ExactlyOneOf.Count(name => value.TryGetProperty(name, out _)) != 1)
            faults.Incorrect(path.Length == 0 ? "(body)" : path, $"must have exactly one of {string.Join(", ", type.ExactlyOneOf)}", required: true);
        if (type.Variants.Count > 0)
            CheckVariant(value, type, path, faults);
    }

    /// <summary>What must be there because of the kind that it says it is.</summary>
    private static void CheckVariant(JsonElement value, WireType type, string path, FaultList faults)
    {
        var discriminator = type.Find(type.Variants[0].Discriminator)!;
        // One that is missing or of another type was told already.
        if (!value.TryGetProperty(discriminator.Name, out var given) || given.ValueKind != JsonValueKind.String
            || !discriminator.Type.Values.Contains(given.GetString()!))
        {
            return;
        }

        var prefix = path.Length == 0 ? "" : path + ".";
        if (type.Variants.FirstOrDefault(one => given.ValueEquals(one.Value)) is not { } variant)
        {
            faults.Incorrect(
                prefix + discriminator.Name, $"must be one of {string.Join(", ", type.Variants.Select(one => one.Value))}", discriminator.IsRequired);
            return;
        }

        foreach (var name in variant.Required.Where(name => !value.TryGetProperty(name, out _)))
            faults.Missing(prefix + name);
    }

    private static void CheckArray(JsonElement value, WireType type, WireAttribute? attribute, string path, FaultList faults)
    {
        if (value.GetArrayLength() < (attribute?.MinItems ?? 0))
            faults.Incorrect(path, $"must have at least {attribute!.MinItems} item", attribute.IsRequired);
        if (value.GetArrayLength() > (attribute?.MaxItems ?? int.MaxValue))
            faults.Incorrect(path, $"must have at most {attribute!.MaxItems} items", attribute.IsRequired);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (faults.IsFull)
                return;
            CheckValue(item, type.Item!, null, $"{path}[{index++}]", faults);
        }
    }

    private static string? CheckNumber(JsonElement value, WireAttribute? attribute)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
            return "must be a number";
        return attribute is not null && (number < attribute.Minimum || number > attribute.Maximum)
            ? $"must lie between {attribute.Minimum} and {attribute.Maximum}" : null;
    }

    private static string? CheckInteger(JsonElement value, WireAttribute? attribute)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
            return "must be a whole number";
        var (minimum, maximum) = attribute is null ? (int.MinValue, int.MaxValue) : (attribute.Minimum, attribute.Maximum);
        return number < minimum || number > maximum ? $"must lie between {minimum} and {maximum}" : null;
    }

    private static string? CheckText(string text, WireType type, WireAttribute? attribute) => type.Kind switch
    {
        WireKind.Enumeration => type.Values.Contains(text) ? null : $"must be one of {string.Join(", ", type.Values)}",
        WireKind.DateTime => WireDateTime.TryParse(text, out _) ? null : "must be an RFC 3339 date-time",
        WireKind.Features => SupportedFeatures.TryParse(text, out _) ? null : "must be hexadecimal digits",
        _ when attribute?.IsCallbackUri == true => CheckCallback(text),
        _ when attribute?.Pattern is { } pattern => pattern.IsMatch(text) ? null : $"must match {pattern}",
        _ => null,
    };

    /// <summary>29.122 5.2.4.3: where notifications go.</summary>
    private static string? CheckCallback(string text)
    {
        if (text.Length > 2048 || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return "must be an absolute http or https URI";
        return uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 ? "must have no user information and no fragment" : null;
    }

    private static string? CheckAny(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    CheckAny(item);
                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    _ = property.Name;
                    CheckAny(property.Value);
                }

                break;
            default:
                break;
        }

        return null;
    }

    private static Refusal Malformed(string detail) => Refusal.Of(ErrorKind.InvalidRequest, detail, "INVALID_MSG_FORMAT");

    private sealed class FaultList
    {
        private readonly ImmutableArray<InvalidParam>.Builder _faults = ImmutableArray.CreateBuilder<InvalidParam>();
        private string? _cause;

        public bool IsFull => _faults.Count >= MostFaults;

        public void Missing(string name) => Add(name, "is missing", "MANDATORY_IE_MISSING");

        public void Incorrect(string name, string reason, bool required) =>
            Add(name, reason, required ? "MANDATORY_IE_INCORRECT" : "OPTIONAL_IE_INCORRECT");

        public Refusal? ToRefusal() => _faults.Count == 0 ? null : new Refusal
        {
            Kind = ErrorKind.InvalidRequest,
            Detail = string.Join("; ", _faults.Take(5).Select(fault => $"{fault.Param} {fault.Reason}")),
            Cause = _cause,
            InvalidParams = _faults.ToImmutable(),
        };

        private void Add(string name, string reason, string cause)
        {
            if (IsFull)
                return;
            _cause ??= cause;
            _faults.Add(InvalidParam.Of(name, reason));
        }
    }
}
