using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.EndToEnd.InvokerManagement;
using CapifOrleans.Silo.Demo;
using CapifOrleans.Testing;
using Xunit.Abstractions;

namespace CapifOrleans.EndToEnd.Cluster;

/// <summary>Three silos and two frontends as processes, TLS between them, while one after the other is lost: what was answered holds.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const string User = "tester";

    // Rounds of the load between one loss and the next: the loss is in the middle of them, however slow the machine is.
    private const int Rounds = 8;

    [Fact]
    public async Task SilosFrontendAndDatabaseAreLostUnderLoad_WhatWasAnsweredHolds()
    {
        await using var scene = await ClusterScene.CreateAsync();
        var first = await scene.StartAsync("silo1", "silo");
        var second = await scene.StartAsync("silo2", "silo");
        var third = await scene.StartAsync("silo3", "silo");
        var frontend = await scene.StartAsync("frontend1", "frontend");
        var lost = await scene.StartAsync("frontend2", "frontend");
        using var run = await ProvideAsync(scene, frontend);
        await using var load = new ClusterLoad(run, [frontend.Core, lost.Core]);

        await load.RoundsAsync(Rounds);
        second.Kill();
        await load.RoundsAsync(Rounds);
        Assert.True(await third.StopAsync(), third.Printed);
        await load.RoundsAsync(Rounds);
        var fourth = await scene.StartAsync("silo4", "silo");
        await load.RoundsAsync(Rounds);
        await PostgresServer.RestartAsync();
        await load.RoundsAsync(Rounds);
        lost.Kill();
        await load.RoundsAsync(Rounds);
        first.Kill();
        await load.RoundsAsync(Rounds);
        await load.StopAsync();

        output.WriteLine(load.Report());
        Assert.NotEmpty(load.Onboarded);
        Assert.NotEmpty(load.Offboarded);
        await load.HoldsAsync(frontend.Core);
        Assert.False(fourth.Printed.Contains("\"level\":\"critical\"", StringComparison.Ordinal), fourth.Printed);
    }

    /// <summary>A provider with a published service API, registered through this frontend; load onboards its invokers by the same account.</summary>
    private static async Task<DemoRun> ProvideAsync(ClusterScene scene, CoreProcess frontend)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await File.WriteAllTextAsync(scene.In("password"), password);
        // On the machine of a silo: through its control socket.
        await ClusterScene.CommandAsync("user", "add", User, "--password-file", scene.In("password"), "--data-dir", scene.In("silo1"));
        var enrolment = (await frontend.LineAsync("enrolment ", "https://")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var run = new DemoRun(
            new DemoTarget
            {
                Core = frontend.Core,
                Enrolment = new Uri(enrolment),
                Root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(scene.In("frontend1"), "pki", "root.pem"))),
                UserName = User,
                Password = password,
            },
            new DemoReport(TextWriter.Null));
        await using var receiver = await NotificationReceiver.StartAsync(default);
        await ProviderSteps.RunAsync(run, receiver, default);
        return run;
    }
}
