using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Json;
using CapifOrleans.Logging;
using CapifOrleans.Publish;

namespace CapifOrleans.Aef.Logging;

/// <summary>One invocation, to be logged.</summary>
internal readonly record struct LoggedInvocation
{
    public required string ApiInvokerId { get; init; }

    public required ServiceApi Api { get; init; }

    public required string Resource { get; init; }

    public required string Path { get; init; }

    public required string Method { get; init; }

    public required bool IsHttp2 { get; init; }

    public required int Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public required TimeSpan Latency { get; init; }

    public IPAddress? Source { get; init; }

    public int SourcePort { get; init; }

    /// <summary>As the core function gets it (29.222 8.7.4.2.3).</summary>
    public Log ToLog() => new()
    {
        ApiId = Api.ApiId,
        ApiName = Api.ApiName,
        ApiVersion = Api.Version,
        ResourceName = Resource,
        Uri = Path,
        Protocol = IsHttp2 ? Protocol.Http2 : Protocol.Http11,
        Operation = ServiceApi.OperationOf(Method),
        Result = Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        InvocationTime = WireDateTime.Of(At),
        InvocationLatency = (int)Math.Clamp(Latency.TotalMilliseconds, 0, int.MaxValue),
        SrcInterface = Interface(),
    };

    private InterfaceDescription? Interface()
    {
        if (Source is not { } address)
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new InterfaceDescription { Ipv4Addr = address.ToString(), Port = SourcePort }
            : new InterfaceDescription { Ipv6Addr = address.ToString(), Port = SourcePort };
    }
}

/// <summary>A line of a segment: whose invocation it was, and its log.</summary>
internal sealed record LoggedLine
{
    /// <summary>The API invoker.</summary>
    [JsonPropertyName("apiInvokerId")]
    public required string ApiInvokerId { get; init; }

    /// <summary>The log.</summary>
    [JsonPropertyName("log")]
    public required Log Log { get; init; }

    /// <summary>Reads a line; null where it is none.</summary>
    public static LoggedLine? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LoggedLineJson.Default.LoggedLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoggedLine))]
internal sealed partial class LoggedLineJson : JsonSerializerContext;
