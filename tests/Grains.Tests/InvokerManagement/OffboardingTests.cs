using CapifOrleans.Events;
using CapifOrleans.Exposure;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Pki;
using CapifOrleans.Publish;
using CapifOrleans.Security;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>33.122 6.8: the offboarding, and what a crash in its middle must not change about its end.</summary>
public sealed class OffboardingTests
{
    public static TheoryData<OffboardingStep> Steps => [.. Enum.GetValues<OffboardingStep>()];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task KilledAfterAnyStep_CompletesAfterRestart(OffboardingStep step)
    {
        await using var capif = await CapifHost.StartAsync();
        var (apiInvokerId, aefId, certificate) = await PrepareAsync(capif);

        capif.Steps.HoldAfter = step.ToString();
        var offboarding = capif.Host.Grain<IApiInvokerGrain>(apiInvokerId).OffboardAsync(default);
        await capif.Steps.UntilAsync(step.ToString());
        await capif.Host.KillAndRestartAsync();
        capif.Steps.HoldAfter = null;
        // Whoever waited was killed as well; the procedure goes on by its reminder, whether or not anybody asks.
        _ = offboarding.ContinueWith(task => task.Exception, TaskScheduler.Default);
        if (step != OffboardingStep.Completed)
            await capif.Steps.UntilAsync(nameof(OffboardingStep.Completed));

        await CompletedAsync(capif, apiInvokerId, aefId, certificate);
    }

    [Fact]
    public async Task Offboarded_IsGoneEverywhere_AndTheAefAcknowledges()
    {
        await using var capif = await CapifHost.StartAsync();
        var (apiInvokerId, aefId, certificate) = await PrepareAsync(capif);
        Assert.Null((await capif.Host.Grain<IApiInvokerGrain>(apiInvokerId).OffboardAsync(default)).Refusal);
        await capif.Steps.UntilAsync(nameof(OffboardingStep.Completed));
        await CompletedAsync(capif, apiInvokerId, aefId, certificate);
    }

    [Fact]
    public async Task Unknown_IsNotFound_AndTwiceIsNotFound()
    {
        await using var capif = await CapifHost.StartAsync();
        Assert.Equal(ErrorKind.NotFound, (await capif.Host.Grain<IApiInvokerGrain>("nobody").OffboardAsync(default)).Refusal?.Kind);
        var (apiInvokerId, _) = await capif.OnboardAsync();
        Assert.Null((await capif.Host.Grain<IApiInvokerGrain>(apiInvokerId).OffboardAsync(default)).Refusal);
        Assert.Equal(ErrorKind.NotFound, (await capif.Host.Grain<IApiInvokerGrain>(apiInvokerId).OffboardAsync(default)).Refusal?.Kind);
    }

    private static async Task<(string ApiInvokerId, string AefId, PresentedCertificate Certificate)> PrepareAsync(CapifHost capif)
    {
        var (_, _, apf, aef) = await capif.RegisterAsync();
        Assert.Null((await capif.Host.Grain<IServicePublisherGrain>(apf.Id).PublishAsync(apf, CapifHost.Api("api", aef.Id), default)).Refusal);
        Assert.Null((await capif.Host.Grain<IEventSubscriberGrain>(aef.Id).SubscribeAsync(
            aef,
            new EventSubscription
            {
                Events = [CapifEvent.ApiInvokerOffboarded],
                NotificationDestination = "https://aef.test/",
                SupportedFeatures = SupportedFeatures.Of(3),
            },
            default)).Refusal);
        var (apiInvokerId, details) = await capif.OnboardAsync();
        Assert.Null((await capif.Host.Grain<IApiInvokerGrain>(apiInvokerId).CreateSecurityContextAsync(
            new ServiceSecurity
            {
                SecurityInfo = [new SecurityInformation { AefId = aef.Id, PrefSecurityMethods = [SecurityMethod.Oauth] }],
                NotificationDestination = "https://invoker.test/",
            },
            default)).Refusal);
        return (apiInvokerId, aef.Id, CapifHost.Presented(details.OnboardingInformation.ApiInvokerCertificate!));
    }

    private static async Task CompletedAsync(CapifHost capif, string apiInvokerId, string aefId, PresentedCertificate certificate)
    {
        // Step 3: nothing is left of it.
        var invoker = capif.Host.Grain<IApiInvokerGrain>(apiInvokerId);
        Assert.False(await invoker.IsOnboardedAsync(default));
        Assert.Null(await invoker.IdentifyAsync(certificate, default));
        Assert.NotNull((await invoker.GetSecurityContextAsync(new SecurityContextQuery { AefId = aefId }, default)).Refusal);
        Assert.True(await capif.Host.Grain<ICertificateRevocationGrain>(certificate.SerialNumber[..2]).IsRevokedAsync(certificate.SerialNumber, default));

        // Steps 7 to 10: told once or, after a crash, perhaps twice, and acknowledged.
        var (destination, json) = await capif.Sender.NextAsync();
        Assert.Equal("aef.test", destination.Host);
        Assert.Contains("API_INVOKER_OFFBOARDED", json, StringComparison.Ordinal);
        Assert.Contains(apiInvokerId, json, StringComparison.Ordinal);
        var aef = capif.Host.Grain<IAefGrain>(aefId);
        InvokerRevocation? revocation;
        do
        {
            // The acknowledgement is recorded right after the sender took the notification.
            revocation = await aef.GetRevocationAsync(apiInvokerId, default);
            Assert.NotNull(revocation);
        }
        while (revocation.AcknowledgedAt is null);
    }
}
