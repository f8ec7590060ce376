using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.EndToEnd.Hosting;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.EndToEnd;

/// <summary>A core function on loopback with a provider and its published service API; tests onboard invokers of their own.</summary>
public class CoreFixture : IAsyncLifetime
{
    private const string User = "tester";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-e2e-");
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whose TLS the core listener runs on; by default as an operator has it who says nothing.</summary>
    private protected virtual TlsStack? Tls => null;

    /// <summary>Changes how it runs.</summary>
    private protected virtual void Configure(SiloOptions options)
    {
    }

    /// <summary>Where it logs, warnings and worse.</summary>
    private protected virtual Stream LogStream => Stream.Null;

    /// <summary>What its operator approves.</summary>
    private protected virtual OnboardingApproval Approval => OnboardingApproval.None;

    internal CoreFunction Core { get; private set; } = null!;

    internal DemoRun Run { get; private set; } = null!;

    /// <summary>The data folder, for the operator's commands.</summary>
    internal string DataDirectory => Path.Combine(_folder.FullName, "capif-data");

    internal NotificationReceiver Receiver { get; private set; } = null!;

    internal DemoTarget Target { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await StartAsync();
        await Core.Administration.AddUserAsync(new NewUser { UserName = User, Password = _password }, default);
        Receiver = await NotificationReceiver.StartAsync(default);
        Run = new DemoRun(Target, new DemoReport(TextWriter.Null));
        await ProviderSteps.RunAsync(Run, Receiver, default);
    }

    public async Task DisposeAsync()
    {
        Run.Dispose();
        await Receiver.DisposeAsync();
        await Core.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Onboards an invoker.</summary>
    internal async Task<DemoParty> OnboardAsync()
    {
        var party = new DemoParty("invoker", Target.Root);
        using var answer = await SendAsync(Run.Nobody, HttpMethod.Post, "/api-invoker-management/v1/onboardedInvokers", Onboarding(party), Bearer());
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await JsonAsync(answer);
        party.Accept(body["apiInvokerId"]!.GetValue<string>(), body["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>());
        return party;
    }

    /// <summary>An onboarding's body.</summary>
    internal static JsonObject Onboarding(DemoParty party) => new()
    {
        ["onboardingInformation"] = new JsonObject { ["apiInvokerPublicKey"] = party.SigningRequest() },
        ["notificationDestination"] = "https://127.0.0.1:9/onboarding",
        ["supportedFeatures"] = "4",
    };

    internal AuthenticationHeaderValue Bearer() => new("Bearer", Run.Credential);

    /// <summary>Sends as this party.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        DemoParty party, HttpMethod method, string path, object? body = null, AuthenticationHeaderValue? authorization = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(Target.Core, path));
        request.Headers.Authorization = authorization;
        if (body is not null)
            request.Content = new StringContent(body is JsonNode node ? node.ToJsonString() : (string)body, Encoding.UTF8, mediaType);
        return await party.Client.SendAsync(request);
    }

    internal static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    /// <summary>Checks that a request was refused by problem+json with this status, naming this attribute if one is given.</summary>
    internal static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string? attribute = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        if (attribute is not null)
            Assert.Contains(attribute, problem["invalidParams"]!.AsArray().Select(one => one!["param"]!.GetValue<string>()));
        answer.Dispose();
    }

    /// <summary>Runs an operator's command on this core function; what it printed.</summary>
    internal async Task<string> CommandAsync(params string[] command)
    {
        var (exitCode, output, error) = await TryCommandAsync(command);
        Assert.True(exitCode == ExitCodes.Done, error);
        return output;
    }

    /// <summary>Runs an operator's command that may fail; its exit code and what it printed.</summary>
    internal async Task<(int ExitCode, string Output, string Error)> TryCommandAsync(params string[] command)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync([.. command, "--data-dir", DataDirectory], output, error, new System.Collections.Hashtable());
        return (exitCode, output.ToString(), error.ToString());
    }

    private async Task StartAsync()
    {
        var options = new SiloOptions
        {
            DataDirectory = DataDirectory,
            ListenAddress = IPAddress.Loopback,
            CorePort = 0,
            Tls = Tls,
            OnboardingApproval = Approval,
            EnrolmentPort = 0,
            OperationsPort = 0,
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Warning,
        };
        await CoreHost.ConfigureAsync(options);
        Configure(options);
        Core = await CoreFunction.StartAsync(options, LogStream, TimeProvider.System, default);
        Target = new DemoTarget
        {
            Core = Core.Core,
            Enrolment = Core.Enrolment,
            Root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Core.RootFile)),
            UserName = User,
            Password = _password,
        };
    }
}

[CollectionDefinition(nameof(CoreCollection))]
public sealed class CoreCollection : ICollectionFixture<CoreFixture>;
