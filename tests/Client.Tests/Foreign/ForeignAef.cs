using System.Text.Json.Nodes;
using CapifOrleans.Tls.Tests;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Client.Tests.Foreign;

/// <summary>An AEF of that core function: it takes the method that is in force, told at each authentication initiation, and nothing else.</summary>
public sealed class ForeignAef : ForeignServer
{
    private readonly ForeignCore _core;
    private (string Method, byte[]? Key)? _known;
    private string _identity = "";

    private ForeignAef(ForeignCore core, string aefId)
    {
        _core = core;
        AefId = aefId;
    }

    public string AefId { get; }

    /// <summary>The service API, as it is discovered.</summary>
    public ServiceApiDescription Api => new()
    {
        ApiName = "3gpp-test",
        AefProfiles =
        [
            new AefProfile
            {
                AefId = AefId,
                Versions = [new ServiceApiVersion { ApiVersion = "v1" }],
                InterfaceDescriptions = [new InterfaceDescription { Fqdn = "localhost", Port = Port, ApiPrefix = "/exposed" }],
            },
        ],
    };

    public IEnumerable<SeenRequest> Calls => Requests.Where(one => one.Path.StartsWith("/exposed/3gpp-test/v1/", StringComparison.Ordinal));

    public IEnumerable<SeenRequest> Initiations => To("/check-authentication");

    public static async Task<ForeignAef> StartAsync(TestPki pki, ForeignCore core, string aefId = "aef-1")
    {
        var aef = new ForeignAef(core, aefId);
        await aef.StartAsync(pki, identity => identity.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(aef._identity)) ? aef._known?.Key : null);
        return aef;
    }

    /// <summary>As an AEF does that was told of a change: takes what is in force now. The key of connections that are open is gone, so they end.</summary>
    public Task LearnAsync()
    {
        _known = _core.Context[AefId];
        return Task.CompletedTask;
    }

    /// <summary>As after a restart: nothing is known of anybody.</summary>
    public void Forget() => (_known, _identity) = (null, "");

    protected override Task AnswerAsync(HttpContext http, SeenRequest request)
    {
        if (request.Path == "/exposed/aef-security/v1/check-authentication")
            return InitiateAsync(http, request);
        if (!request.Path.StartsWith("/exposed/3gpp-test/v1/", StringComparison.Ordinal))
            return ProblemAsync(http, 404, null);
        var method = request switch
        {
            { PskIdentity.Length: > 0 } => "PSK",
            { ClientCertificate: not null } => "PKI",
            { Authorization: { } given } when given.StartsWith("Bearer ", StringComparison.Ordinal) && _core.Tokens.TryGetValue(given[7..], out var good) && good => "OAUTH",
            _ => "",
        };
        if (_known is not { } known || method.Length == 0)
        {
            // 33.122 6.8 step 9.
            http.Response.Headers.Connection = "close";
            return ProblemAsync(http, 401, null);
        }

        if (method != known.Method)
            return ProblemAsync(http, 403, AefRefusals.WrongMethod);
        return JsonAsync(http, 200, new JsonObject { ["by"] = method, ["path"] = request.Path + request.Query, ["body"] = request.Body, ["http"] = http.Request.Protocol });
    }

    private Task InitiateAsync(HttpContext http, SeenRequest request)
    {
        if (request.ClientCertificate is not null || request.PskIdentity.Length > 0 || !_core.Context.TryGetValue(AefId, out var entry))
            return ProblemAsync(http, 403, null);
        (_known, _identity) = (entry, request.Json["apiInvokerId"]!.GetValue<string>());
        return JsonAsync(http, 200, new JsonObject { ["supportedFeatures"] = "0" });
    }
}
