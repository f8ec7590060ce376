using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using CapifOrleans.Testing;
using CapifOrleans.Tls.Tests;

namespace CapifOrleans.Client.Tests.Foreign;

/// <summary>A core function, an AEF and a folder, and the API invoker that a test onboards.</summary>
public abstract class Scene(TestPki pki) : IAsyncLifetime, IClassFixture<TestPki>
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-client-");

    protected TestPki Pki => pki;

    protected ForeignCore Core { get; private set; } = null!;

    protected ForeignAef Aef { get; private set; } = null!;

    protected ManualTimeProvider Clock { get; } = new();

    protected string StatePath => Path.Combine(_folder.FullName, "invoker.json");

    public async Task InitializeAsync()
    {
        Core = await ForeignCore.StartAsync(pki);
        Aef = await ForeignAef.StartAsync(pki, Core);
    }

    public async Task DisposeAsync()
    {
        await Aef.DisposeAsync();
        await Core.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected ApiInvokerOptions Options(
        IReadOnlyList<SecurityMethod>? methods = null, string? stateFile = null, string? password = null, SslProtocols psk = SslProtocols.Tls12,
        bool hasOpenSsl = true, bool bareKey = false) => new()
        {
            NotificationDestination = new Uri("https://invoker.example/notifications"),
            PreferredMethods = methods ?? [SecurityMethod.Psk, SecurityMethod.Pki, SecurityMethod.Oauth],
            StateFile = stateFile,
            StatePassword = password,
            PskNegotiationProtocols = psk,
            SendBarePublicKey = bareKey,
            HasOpenSsl = hasOpenSsl,
            Time = Clock,
        };

    protected Task<ApiInvoker> OnboardAsync(params SecurityMethod[] methods) => ApiInvoker.OnboardAsync(Core.Enrolment(), Options(methods.Length == 0 ? null : methods));

    /// <summary>Calls, and reads by which method it came.</summary>
    protected static async Task<string> CallAsync(HttpClient http, string path = "things")
    {
        var answer = await http.GetFromJsonAsync<JsonObject>(path);
        return answer!["by"]!.GetValue<string>();
    }
}
