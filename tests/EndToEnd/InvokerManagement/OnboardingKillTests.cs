using System.Net;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>33.122 6.1, its process killed (SIGKILL) before each write of state: nothing half-made is of any use, and the key is not reserved for ever.</summary>
public sealed class OnboardingKillTests(KillScene scene) : IClassFixture<KillScene>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ProcessKilledBeforeTheWrite_NobodyIsOnboarded_AndTheKeyCanOnboard_33122_6_1(int write)
    {
        using var invoker = new DemoParty("invoker", scene.Run.Target.Root);
        using (var killed = await CoreProcess.KilledAtAsync(scene.Folder, "write", write.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => scene.OnboardAsync(killed.Core, invoker));
            await killed.KilledAsync();
        }

        using var core = await CoreProcess.ServeAsync(scene.Folder);
        using var answer = await scene.OnboardAsync(core.Core, invoker);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await CoreFixture.JsonAsync(answer);
        invoker.Accept(body["apiInvokerId"]!.GetValue<string>(), body["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>());
        using var discovery = await scene.DiscoverAsync(core.Core, invoker);
        Assert.Equal(HttpStatusCode.OK, discovery.StatusCode);
        // The same key once more is refused: its reservation is the new invoker's.
        using var twice = await scene.OnboardAsync(core.Core, invoker);
        await CoreFixture.RefusedAsync(twice, HttpStatusCode.Forbidden);
    }
}
