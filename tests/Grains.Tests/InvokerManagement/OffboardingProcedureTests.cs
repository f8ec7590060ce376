using CapifOrleans.Connections;
using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Offboarding (33.122 6.8).</summary>
public sealed class OffboardingProcedureTests
{
    private static readonly string[] Steps = [.. Enum.GetValues<OffboardingStep>().Select(step => step.ToString())];

    public static TheoryData<OffboardingStep> EachStep => [.. Enum.GetValues<OffboardingStep>()];

    [Fact]
    public async Task Offboarded_EverythingIsGone_AndWhoMustKnowIsTold()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var life = await Life.BeginAsync(host, key);
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        Assert.Null((await host.Invoker("a").OffboardAsync(default)).Refusal);
        // What holds already when the invoker is answered (step 4).
        Assert.Null(await host.Invoker("a").IdentifyAsync(life.Certificate, default));
        Assert.True(await host.IsRevokedAsync(life.Certificate.SerialNumber));
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker("a").OffboardAsync(default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker("a").UpdateAsync(InvokerHost.Details(key), default)).Refusal!.Kind);

        host.Host.Time.Advance(TimeSpan.Zero);
        await completed;
        await life.HasEndedAsync();
        Assert.Equal(Steps, host.Steps.Seen);
        Assert.Equal(["a"], life.Frontend.Closed);
        Assert.Null((await host.OnboardAsync("b", InvokerHost.Details(key))).Refusal);
    }

    [Theory]
    [MemberData(nameof(EachStep))]
    public async Task KilledAfterEachStep_TheReminderFinishesIt(OffboardingStep step)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var life = await Life.BeginAsync(host, key);
        var stopped = host.Steps.StopAfter(step.ToString());
        _ = host.Invoker("a").OffboardAsync(default);
        if (step > OffboardingStep.CertificateRevoked)
        {
            // The remaining steps run in a timer, which is made before the answer.
            await host.Invoker("a").IsOnboardedAsync(default);
            host.Host.Time.Advance(TimeSpan.Zero);
        }

        await stopped;
        await host.Host.KillAndRestartAsync();
        var completed = step == OffboardingStep.Completed ? Task.CompletedTask : host.Steps.Reach(nameof(OffboardingStep.Completed));
        host.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await completed;
        await life.HasEndedAsync();
        // Each step was done once: what is written down as done is not done again.
        Assert.Equal(Steps, host.Steps.Seen);
    }

    [Fact]
    public async Task Killed_TheNextActivationGoesOnWithoutWaitingForTheReminder()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var life = await Life.BeginAsync(host, key);
        var stopped = host.Steps.StopAfter(nameof(OffboardingStep.EnrolmentCancelled));
        _ = host.Invoker("a").OffboardAsync(default);
        await stopped;
        await host.Host.KillAndRestartAsync();
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        Assert.Equal(OffboardingStep.EnrolmentCancelled, (await host.Invoker("a").GetOffboardingAsync(default))!.Done);
        host.Host.Time.Advance(TimeSpan.Zero);
        await completed;
        await life.HasEndedAsync();
    }

    [Fact]
    public async Task Retained_ByPolicy_TheRecordSaysWhatWasDone_33122_6_8_Step3()
    {
        await using var host = await InvokerHost.StartAsync(new InvokerOptions { RetainOffboarded = true });
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        var completed = host.Steps.Reach(nameof(OffboardingStep.Completed));
        await host.Invoker("a").OffboardAsync(default);
        host.Host.Time.Advance(TimeSpan.Zero);
        await completed;
        await host.Host.RestartAsync();
        Assert.Equal(OffboardingStep.Completed, (await host.Invoker("a").GetOffboardingAsync(default))!.Done);
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
        Assert.Equal(0, host.Rows("reminders", "api-invoker", "a"));
        Assert.Equal(ErrorKind.AlreadyExists, (await host.OnboardAsync("a", InvokerHost.Details(key))).Refusal!.Kind);
    }

    [Fact]
    public async Task Onboarding_WithTheKeyOfOneWhoIsJustLeaving_DoesNotHoldItUp()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        var details = InvokerHost.Details(key);
        // The reservation asks the leaving invoker whether it exists, while that one asks the reservation to let go.
        var leaving = host.Invoker("a").OffboardAsync(default);
        var coming = Enumerable.Range(0, 8).Select(number => host.OnboardAsync($"b{number}", details)).ToList();
        Assert.Null((await leaving.WaitAsync(TimeSpan.FromSeconds(20))).Refusal);
        var outcomes = await Task.WhenAll(coming).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.InRange(outcomes.Count(one => one.Refusal is null), 0, 1);
    }

    /// <summary>An onboarded invoker with a security context, a subscription of its own, and an AEF and a frontend that are to hear of its end.</summary>
    private sealed class Life
    {
        private readonly InvokerHost _host;
        private readonly SigningKey _key;
        private string _aefSubscription = "";
        private string _ownSubscription = "";

        private Life(InvokerHost host, SigningKey key) => (_host, _key) = (host, key);

        public PresentedCertificate Certificate { get; private set; } = null!;

        public Frontend Frontend { get; } = new();

        public static async Task<Life> BeginAsync(InvokerHost host, SigningKey key)
        {
            var life = new Life(host, key)
            {
                _aefSubscription = await host.SubscribeAsync(CallerRole.Aef, InvokerHost.AefId, CapifEvent.ApiInvokerOffboarded),
                Certificate = InvokerHost.Presented((await host.OnboardedAsync("a", key)).OnboardingInformation.ApiInvokerCertificate!),
                _ownSubscription = await host.SubscribeAsync(CallerRole.ApiInvoker, "a", CapifEvent.ServiceApiAvailable),
            };
            await host.NegotiateAsync("a");
            var observer = host.Host.Grains.CreateObjectReference<IFrontendObserver>(life.Frontend);
            await host.Host.Grain<IFrontendDirectoryGrain>("frontends").RegisterAsync("f", observer, default);
            return life;
        }

        public async Task HasEndedAsync()
        {
            // Waits for the turn that completes it.
            Assert.Null(await _host.Invoker("a").GetOffboardingAsync(default));
            Assert.False(await _host.Invoker("a").IsOnboardedAsync(default));
            Assert.Null(await _host.Invoker("a").IdentifyAsync(Certificate, default));
            Assert.True(await _host.IsRevokedAsync(Certificate.SerialNumber));
            Assert.Null(await _host.Reservation(_key).GetOwnerAsync(default));
            var context = await _host.Invoker("a").GetSecurityContextAsync(new SecurityContextQuery { AefId = InvokerHost.AefId }, default);
            Assert.Equal(ErrorKind.NotFound, context.Refusal!.Kind);
            Assert.Null(await _host.Host.Grain<IEventSubscriptionGrain>(_ownSubscription).GetAsync(default));
            Assert.NotNull(await _host.Host.Grain<IEventSubscriptionGrain>(_aefSubscription).GetAsync(default));
            _host.Host.Time.Advance(TimeSpan.Zero);
            await _host.Sender.ReceivedAsync("aef1.example", "API_INVOKER_OFFBOARDED");
            var revocation = await _host.Host.Grain<IAefGrain>(InvokerHost.AefId).GetRevocationAsync("a", default);
            Assert.Equal(revocation!.RevokedAt + new InvokerOptions().TokenLifetime, revocation.KeepUntil);
            Assert.Equal(0, _host.Rows("state", "api-invoker", "a"));
            Assert.Equal(0, _host.Rows("state", "event-subscriber", "a"));
            Assert.Equal(0, _host.Rows("reminders", "api-invoker", "a"));
        }
    }

    private sealed class Frontend : IFrontendObserver
    {
        public List<string> Closed { get; } = [];

        public Task CloseConnectionsAsync(string id)
        {
            Closed.Add(id);
            return Task.CompletedTask;
        }
    }
}
