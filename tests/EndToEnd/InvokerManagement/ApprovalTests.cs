using System.Net;
using System.Text.Json.Nodes;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>Onboardings and updates that the operator decides, on the wire (29.222 5.5.2.2.2, 5.5.2.4, 5.5.2.5.2, 5.5.2.6).</summary>
public sealed class ApprovalTests(ApprovalFixture core) : IClassFixture<ApprovalFixture>
{
    private const string Invokers = "/api-invoker-management/v1/onboardedInvokers";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Onboarding_202_ThenTheNotificationHasWhatThe201WouldHave_29222_5_5_2_4()
    {
        await using var receiver = await NotificationReceiver.StartAsync(default);
        using var invoker = new DemoParty("invoker", core.Target.Root);
        var waiting = await RequestAsync(receiver, invoker);
        Assert.Null((await core.Core.Administration.ApproveOnboardingAsync(waiting.RequestId, default)).Refusal);
        var told = await receiver.NextAsync(Patience, default);
        Assert.True(told["result"]!.GetValue<bool>());
        var details = told["apiInvokerEnrolmentDetails"]!;
        var location = new Uri(told["resourceLocation"]!.GetValue<string>());
        Assert.Equal($"{core.Target.Core.GetLeftPart(UriPartial.Authority)}{Invokers}/{details["apiInvokerId"]}", location.AbsoluteUri);
        invoker.Accept(details["apiInvokerId"]!.GetValue<string>(), details["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>());
        using var found = await core.SendAsync(invoker, HttpMethod.Get, $"/service-apis/v1/allServiceAPIs?api-invoker-id={invoker.Id}");
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);

        // The update waits as well.
        using (var taken = await core.SendAsync(
            invoker, HttpMethod.Patch, location.AbsolutePath, "{\"apiInvokerInformation\":\"patched\"}", mediaType: "application/merge-patch+json"))
        {
            await AcceptedAsync(taken);
        }

        var update = Assert.Single(await core.Core.Administration.ListOnboardingsAsync(default), one => one.ApiInvokerId == invoker.Id);
        Assert.Null((await core.Core.Administration.ApproveOnboardingAsync(update.RequestId, default)).Refusal);
        told = await receiver.NextAsync(Patience, default);
        Assert.Equal("patched", told["apiInvokerEnrolmentDetails"]!["apiInvokerInformation"]!.GetValue<string>());

        var body = details.DeepClone();
        body["apiInvokerInformation"] = "put";
        using (var taken = await core.SendAsync(invoker, HttpMethod.Put, location.AbsolutePath, body))
            await AcceptedAsync(taken);
        update = Assert.Single(await core.Core.Administration.ListOnboardingsAsync(default), one => one.ApiInvokerId == invoker.Id);
        Assert.Null((await core.Core.Administration.RefuseOnboardingAsync(update.RequestId, default)).Refusal);
        told = await receiver.NextAsync(Patience, default);
        Assert.Equal("{\"result\":false}", told.ToJsonString());
    }

    [Fact]
    public async Task RefusedOnboarding_IsToldSo_AndTheKeyIsFree()
    {
        await using var receiver = await NotificationReceiver.StartAsync(default);
        using var invoker = new DemoParty("invoker", core.Target.Root);
        var waiting = await RequestAsync(receiver, invoker);
        await CoreFixture.RefusedAsync(await SendAsync(receiver, invoker), HttpStatusCode.Forbidden);
        Assert.Null((await core.Core.Administration.RefuseOnboardingAsync(waiting.RequestId, default)).Refusal);
        Assert.Equal("{\"result\":false}", (await receiver.NextAsync(Patience, default)).ToJsonString());
        Assert.Equal(ErrorKind.NotFound, (await core.Core.Administration.ApproveOnboardingAsync(waiting.RequestId, default)).Refusal!.Kind);
        await RequestAsync(receiver, invoker);
    }

    [Fact]
    public async Task WrongOnboarding_IsRefusedAtOnce()
    {
        var body = new JsonObject { ["notificationDestination"] = "https://127.0.0.1:9/x", ["onboardingInformation"] = new JsonObject { ["apiInvokerPublicKey"] = "no key" } };
        await CoreFixture.RefusedAsync(
            await core.SendAsync(core.Run.Nobody, HttpMethod.Post, Invokers, body, core.Bearer()), HttpStatusCode.BadRequest, "onboardingInformation.apiInvokerPublicKey");
    }

    private Task<HttpResponseMessage> SendAsync(NotificationReceiver receiver, DemoParty invoker)
    {
        var body = CoreFixture.Onboarding(invoker);
        body["notificationDestination"] = receiver.Destination.AbsoluteUri;
        return core.SendAsync(core.Run.Nobody, HttpMethod.Post, Invokers, body, core.Bearer());
    }

    private async Task<PendingEnrolment> RequestAsync(NotificationReceiver receiver, DemoParty invoker)
    {
        using (var answer = await SendAsync(receiver, invoker))
            await AcceptedAsync(answer);
        return Assert.Single(await core.Core.Administration.ListOnboardingsAsync(default), one => one.NotificationDestination == receiver.Destination.AbsoluteUri && !one.IsUpdate);
    }

    private static async Task AcceptedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }
}
