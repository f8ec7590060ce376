using System.Text.Json.Nodes;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>Parties of a client's life with their accounts, and the end that it makes of them: each deletion must be answered 204 (contract, 4.5).</summary>
internal sealed class ClientLife(CapifClient client, string names, Func<string, bool, ClientParty>? parties = null) : IAsyncDisposable
{
    private readonly List<Func<Task>> _ends = [];
    private readonly Func<string, bool, ClientParty> _parties = parties ?? ((name, rsa) => new ClientParty(name, rsa));
    private int _users;

    public CapifClient Client => client;

    /// <summary>An account.</summary>
    public async Task<ClientUser> UserAsync()
    {
        var user = await client.RegisterUserAsync($"{names}_{Interlocked.Increment(ref _users)}");
        _ends.Add(async () => (await client.DeleteUserAsync(user)).Expect(204));
        return user;
    }

    /// <summary>Onboards an API invoker with an account of its own.</summary>
    public async Task<ClientInvoker> InvokerAsync(bool rsa = false)
    {
        var invoker = new ClientInvoker(await UserAsync(), _parties("invoker", rsa));
        var body = ClientBodies.Invoker(invoker.Party);
        invoker.Body = body;
        invoker.Onboarded = (await client.SendAsync(null, "POST", invoker.User.OnboardingUrl, body, bearer: invoker.User.Token)).Expect(201);
        invoker.Party.Id = invoker.Onboarded["apiInvokerId"]!;
        invoker.Party.Accept((string)invoker.Onboarded.Body["onboardingInformation"]!["apiInvokerCertificate"]!);
        _ends.Add(async () =>
        {
            if (!invoker.IsGone)
                (await client.SendAsync(invoker.Party, "DELETE", invoker.Onboarded.Path)).Expect(204);
            invoker.Party.Dispose();
        });
        return invoker;
    }

    /// <summary>Registers an API provider with so many AEFs and APFs.</summary>
    public async Task<ClientProvider> ProviderAsync(int aefs = 1, int apfs = 1, bool rsa = false)
    {
        var user = await UserAsync();
        var functions = new List<(string Role, string Info, ClientParty Party)>();
        for (var number = 1; number <= apfs; number++)
            functions.Add(("APF", $"APF_{number}", _parties("apf", rsa)));
        for (var number = 1; number <= aefs; number++)
            functions.Add(("AEF", $"AEF_{number}", _parties("aef", rsa)));
        functions.Add(("AMF", "AMF", _parties("amf", rsa)));
        var provider = new ClientProvider(user, functions) { Body = ClientBodies.Provider(user, functions) };
        provider.Registered = (await client.SendAsync(null, "POST", user.RegistrationUrl, provider.Body, bearer: user.Token)).Expect(201);
        provider.Take(provider.Registered.Body);
        _ends.Add(async () =>
        {
            if (!provider.IsGone)
                (await client.SendAsync(provider.Amf, "DELETE", provider.Registered.Path)).Expect(204);
            foreach (var (_, _, party) in functions)
                party.Dispose();
        });
        return provider;
    }

    /// <summary>Publishes.</summary>
    public Task<ClientAnswer> PublishAsync(ClientParty apf, JsonNode description) => client.SendAsync(apf, "POST", Published(apf.Id), description);

    /// <summary>Discovers.</summary>
    public Task<ClientAnswer> DiscoverAsync(ClientInvoker invoker, string query = "") =>
        client.SendAsync(invoker.Party, "GET", $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Party.Id}{query}");

    /// <summary>Negotiates a security context.</summary>
    public Task<ClientAnswer> SecureAsync(ClientInvoker invoker, JsonNode context) => client.SendAsync(invoker.Party, "PUT", Trusted(invoker.Party.Id), context);

    public static string Published(string apfId) => $"/published-apis/v1/{apfId}/service-apis";

    public static string Trusted(string invokerId) => $"/capif-security/v1/trustedInvokers/{invokerId}";

    public static string Subscriptions(string subscriberId) => $"/capif-events/v1/{subscriberId}/subscriptions";

    /// <summary>Ends everybody, the last first.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var index = _ends.Count - 1; index >= 0; index--)
            await _ends[index]();
        _ends.Clear();
    }
}

/// <summary>An API invoker.</summary>
internal sealed record ClientInvoker(ClientUser User, ClientParty Party)
{
    public JsonObject Body { get; set; } = [];

    public ClientAnswer Onboarded { get; set; } = new(0, "", null);

    /// <summary>Whether it was offboarded already.</summary>
    public bool IsGone { get; set; }
}

/// <summary>An API provider.</summary>
internal sealed record ClientProvider(ClientUser User, List<(string Role, string Info, ClientParty Party)> Functions)
{
    public JsonObject Body { get; set; } = [];

    public ClientAnswer Registered { get; set; } = new(0, "", null);

    public bool IsGone { get; set; }

    public ClientParty Amf => Of("AMF");

    public ClientParty Apf => Of("APF_1");

    public ClientParty Aef => Of("AEF_1");

    public ClientParty Of(string info) => Functions.Single(one => one.Info == info).Party;

    /// <summary>Takes identifiers and certificates, by the information that each function was given.</summary>
    public void Take(JsonNode registered)
    {
        foreach (var function in registered["apiProvFuncs"]!.AsArray())
        {
            var party = Of((string)function!["apiProvFuncInfo"]!);
            party.Id = (string)function["apiProvFuncId"]!;
            party.Accept((string)function["regInfo"]!["apiProvCert"]!);
        }
    }
}
