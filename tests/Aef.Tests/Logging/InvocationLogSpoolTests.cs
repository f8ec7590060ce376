using System.Net;
using CapifOrleans.AccessControl;
using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Aef.Exposure;
using CapifOrleans.Aef.Logging;
using CapifOrleans.Logging;
using CapifOrleans.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.Aef.Tests.Logging;

/// <summary>Invocation logs on their way: on disk first, the same batch under the same key in every try, and no further when there is no room.</summary>
public sealed class InvocationLogSpoolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-spool-");
    private readonly ServiceApi _api = new(new ExposedApi { ApiName = "location", Upstream = "http://127.0.0.1:1" }, "api-1", "v1");

    [Fact]
    public async Task EveryTry_SendsTheSameBatchesUnderTheSameKeys()
    {
        await using (var spool = Open())
        {
            for (var number = 0; number < 1_200; number++)
                await spool.AddAsync(Invocation(number % 2 == 0 ? "invoker-a" : "invoker-b", number));
        }

        var away = new Core { FailsAfter = 1 };
        await SendAsync(away, () => away.Batches.Count >= 3);
        var core = new Core();
        await SendAsync(core, () => core.Entries >= 1_200);
        Assert.Equal(away.Batches[0].Key, core.Batches[0].Key);
        Assert.Equal(away.Batches[0].Log.Logs.Length, core.Batches[0].Log.Logs.Length);
        Assert.Equal(core.Batches.Count, core.Batches.Select(batch => batch.Key).Distinct().Count());
        Assert.Equal(1_200, core.Batches.SelectMany(batch => batch.Log.Logs.Select(log => log.Uri)).Distinct().Count());
        Assert.All(core.Batches, batch => Assert.All(batch.Log.Logs, log => Assert.Equal(int.Parse(log.Uri![1..], null) % 2 == 0 ? "invoker-a" : "invoker-b", batch.Log.ApiInvokerId)));
    }

    [Fact]
    public async Task LineThatWasCutOff_IsPassedOver_AndTheOthersAreSent()
    {
        await using (var spool = Open())
            await spool.AddAsync(Invocation("invoker-a", 1));
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.FullName, "logs"), "*.sealed"));
        var open = Path.ChangeExtension(file, ".open");
        File.Move(file, open);
        await File.AppendAllTextAsync(open, "{\"apiInvokerId\":\"invoker-a\",\"log\":{\"apiId\"");
        var core = new Core();
        await SendAsync(core, () => core.Entries >= 1);
        Assert.Equal(1, core.Entries);
    }

    [Fact]
    public async Task WhatIsRefusedForGood_IsLaidAside_AndHoldsUpNothing()
    {
        await using (var spool = Open())
        {
            await spool.AddAsync(Invocation("gone", 1));
            await spool.AddAsync(Invocation("invoker-a", 2));
        }

        var core = new Core { Refuses = "gone" };
        await SendAsync(core, () => core.Entries >= 1);
        Assert.Equal("invoker-a", Assert.Single(core.Batches).Log.ApiInvokerId);
        Assert.Contains("gone", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "logs", "refused.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullFolder_HasNoRoom()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "logs"));
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "logs", "0000000000000001.sealed"), new byte[1024 * 1024]);
        await using var spool = Open();
        Assert.False(spool.HasRoom);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private InvocationLogSpool Open() => InvocationLogSpool.OpenFolder(
        new AefConfiguration { Folder = _folder.FullName, Logs = new WaitingLogs { MaxMegabytes = 1 } }, TimeProvider.System, NullLogger<InvocationLogSpool>.Instance);

    private async Task SendAsync(Core core, Func<bool> until)
    {
        await using var spool = Open();
        using var identity = TestIdentity.Create();
        using var sender = new InvocationLogSender(spool, core, identity, TimeProvider.System, NullLogger<InvocationLogSender>.Instance);
        await sender.StartAsync(default);
        using var patience = new CancellationTokenSource(Patience);
        while (!until())
            await core.Called.WaitAsync(patience.Token);
        // A file goes after its last batch was taken.
        while (core.FailsAfter is null && spool.SealedFiles().Count > 0)
            await Task.Delay(10, patience.Token);
        await sender.StopAsync(default);
    }

    private LoggedInvocation Invocation(string apiInvokerId, int number) => new()
    {
        ApiInvokerId = apiInvokerId,
        Api = _api,
        Resource = "things",
        Path = $"/{number}",
        Method = "GET",
        IsHttp2 = false,
        Status = 200,
        At = TimeProvider.System.GetUtcNow(),
        Latency = TimeSpan.FromMilliseconds(3),
        Source = IPAddress.Loopback,
        SourcePort = 1,
    };

    private sealed class Core : ICoreFunction
    {
        public List<(string Key, InvocationLog Log)> Batches { get; } = [];

        public int Entries => Batches.Sum(batch => batch.Log.Logs.Length);

        /// <summary>How many batches are taken before it goes away; what comes then is seen and not answered.</summary>
        public int? FailsAfter { get; init; }

        public string? Refuses { get; init; }

        public SemaphoreSlim Called { get; } = new(0);

        public Task<Outcome> LogAsync(InvocationLog log, string idempotencyKey, CancellationToken cancellationToken)
        {
            try
            {
                if (log.ApiInvokerId == Refuses)
                    return Task.FromResult<Outcome>(Refusal.NotFound("there is no such invoker"));
                Batches.Add((idempotencyKey, log));
                if (Batches.Count > FailsAfter)
                    throw new CoreFunctionUnavailableException("gone");
                return Task.FromResult(Outcome.Done);
            }
            finally
            {
                Called.Release();
            }
        }

        public Task<Outcome<ServiceSecurity>> GetSecurityContextAsync(string apiInvokerId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetTokenKeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Outcome<AccessControlPolicyList>> GetPoliciesAsync(string apiId, string apiInvokerId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
