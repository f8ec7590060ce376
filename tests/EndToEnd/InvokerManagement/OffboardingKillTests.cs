using System.Net;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>33.122 6.8, its process killed (SIGKILL) after each step: <c>capif serve</c> on the same data folder brings it to its end.</summary>
public sealed class OffboardingKillTests(KillScene scene) : IClassFixture<KillScene>
{
    public static TheoryData<OffboardingStep> EachStep => [.. Enum.GetValues<OffboardingStep>()];

    [Theory]
    [MemberData(nameof(EachStep))]
    public async Task ProcessKilledAfterTheStep_TheNextOneCompletesIt_33122_6_8(OffboardingStep step)
    {
        var invoker = scene.NextInvoker();
        using (var killed = await CoreProcess.KilledAtAsync(scene.Folder, "step", step.ToString()))
        {
            using (var before = await scene.DiscoverAsync(killed.Core, invoker))
                Assert.Equal(HttpStatusCode.OK, before.StatusCode);
            await OffboardWhileItDiesAsync(killed, invoker, step);
            await killed.KilledAsync();
        }

        using var core = await CoreProcess.ServeAsync(scene.Folder);
        // Whatever is left to do: from the first moment nobody takes the invoker for one.
        using (var refused = await scene.DiscoverAsync(core.Core, invoker))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        if (step < OffboardingStep.Completed)
            await core.LineAsync("\"message\":\"offboarding of", invoker.Id, nameof(OffboardingStep.Completed));
        await scene.AefIsToldAsync(invoker.Id);
        Assert.True(await scene.IsOnRevocationListAsync(core.Core, invoker));
        using (var context = await scene.SendAsync(core.Core, scene.Run.Aef, HttpMethod.Get, $"/capif-security/v1/trustedInvokers/{invoker.Id}?authenticationInfo=true"))
            Assert.Equal(HttpStatusCode.NotFound, context.StatusCode);
        await scene.NoRowIsLeftAsync("state", "api-invoker", invoker.Id);
        await scene.NoRowIsLeftAsync("reminders", "api-invoker", invoker.Id);
        // Its key is free: no reservation was left behind.
        using var again = await scene.OnboardAsync(core.Core, invoker);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    private async Task OffboardWhileItDiesAsync(CoreProcess core, Silo.Demo.DemoParty invoker, OffboardingStep step)
    {
        try
        {
            using var answer = await scene.OffboardAsync(core.Core, invoker);
            // The answer comes once the certificate is on the revocation list, not before.
            Assert.True(step > OffboardingStep.CertificateRevoked);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // It died before the answer was sent.
        }
    }
}
