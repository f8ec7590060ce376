using System.Text;
using System.Text.Json.Nodes;
using CapifOrleans.Grains.InvokerManagement;
using CapifOrleans.Json;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Onboardings and updates that the operator decides (29.222 5.5.2.2.2, 5.5.2.4, 5.5.2.5.2, 5.5.2.6).</summary>
public sealed class ApprovalTests
{
    private const string Receiver = "invoker.example";

    [Fact]
    public async Task Onboarding_WaitsForTheOperator_AndIsNotified_29222_5_5_2_4()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.PublishAsync(SecurityMethod.Oauth);
        var asked = InvokerHost.Details(key) with { ApiInvokerInformation = "a robot", ApiList = InvokerHost.WantingThePublished() };
        Assert.Null((await host.RequestAsync("a", asked)).Refusal);
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
        var waiting = Assert.Single(await host.Approval.ListAsync(default));
        Assert.Equal(("a", false, "operator", "a robot"), (waiting.ApiInvokerId, waiting.IsUpdate, waiting.EnrolmentUser, waiting.ApiInvokerInformation));
        Assert.Equal((key.Sha256Hex, "things"), (waiting.PublicKeySha256, Assert.Single(waiting.ApiNames)));

        await host.Host.KillAndRestartAsync();
        await host.PublishAsync(SecurityMethod.Oauth);
        Assert.Null((await host.Approval.ApproveAsync(waiting.RequestId, default)).Refusal);
        Assert.True(await host.Invoker("a").IsOnboardedAsync(default));
        var told = await NoticeAsync(host, "\"result\":true");
        Assert.Equal("https://ccf.example/api-invoker-management/v1/onboardedInvokers/a", told["resourceLocation"]!.GetValue<string>());
        var details = told["apiInvokerEnrolmentDetails"]!;
        Assert.Equal("a", details["apiInvokerId"]!.GetValue<string>());
        var pem = details["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>();
        Assert.Equal("a", (await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
        Assert.Equal("things", told["apiList"]!["serviceAPIDescriptions"]![0]!["apiName"]!.GetValue<string>());
        // Decided once; nothing of the request is left.
        Assert.Empty(await host.Approval.ListAsync(default));
        Assert.Equal(ErrorKind.NotFound, (await host.Approval.ApproveAsync(waiting.RequestId, default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.NotFound, (await host.Approval.RefuseAsync(waiting.RequestId, default)).Refusal!.Kind);
        // The secret was on its way to the invoker, and never on the disk in the clear.
        var secret = Encoding.ASCII.GetBytes(details["onboardingInformation"]!["onboardingSecret"]!.GetValue<string>());
        await host.Host.RestartAsync();
        foreach (var file in Directory.EnumerateFiles(host.Host.Folder, "state.db*"))
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(secret));
    }

    [Fact]
    public async Task RefusedOnboarding_IsNotified_AndLeavesNothing_29222_5_5_2_4()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        Assert.Null((await host.RequestAsync("a", InvokerHost.Details(key))).Refusal);
        // The key is held meanwhile, by whatever way another comes.
        Assert.Equal(ErrorKind.AlreadyExists, (await host.RequestAsync("b", InvokerHost.Details(key))).Refusal!.Kind);
        Assert.Equal(ErrorKind.AlreadyExists, (await host.OnboardAsync("c", InvokerHost.Details(key))).Refusal!.Kind);
        Assert.Equal(ErrorKind.AlreadyExists, (await host.OnboardAsync("a", InvokerHost.Details(key))).Refusal!.Kind);

        var waiting = Assert.Single(await host.Approval.ListAsync(default));
        Assert.Null((await host.Approval.RefuseAsync(waiting.RequestId, default)).Refusal);
        var told = await NoticeAsync(host, "\"result\":false");
        Assert.Equal("result", Assert.Single(told.AsObject()).Key);
        await NothingIsLeftAsync(host, key);
    }

    [Fact]
    public async Task UndecidedOnboarding_IsRefusedInTime()
    {
        await using var host = await InvokerHost.StartAsync(new InvokerOptions { ApprovalTimeout = TimeSpan.FromHours(2) });
        using var key = new SigningKey();
        Assert.Null((await host.RequestAsync("a", InvokerHost.Details(key))).Refusal);
        host.Host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Single(await host.Approval.ListAsync(default));
        var refused = host.Steps.Reach("RefusalCompleted");
        host.Host.Time.Advance(TimeSpan.FromHours(2));
        await refused;
        await NoticeAsync(host, "\"result\":false");
        await NothingIsLeftAsync(host, key);
    }

    [Fact]
    public async Task Approval_ThatCannotBeCarriedOut_IsRefusedToTheOperator_AndWaits()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var soon = InvokerHost.Details(key) with { SupportedFeatures = SupportedFeatures.Of(4), ExpTime = WireDateTime.Of(host.Host.Time.GetUtcNow().AddHours(1)) };
        Assert.Null((await host.RequestAsync("a", soon)).Refusal);
        var waiting = Assert.Single(await host.Approval.ListAsync(default));
        host.Host.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("expTime", (await host.Approval.ApproveAsync(waiting.RequestId, default)).Refusal!.InvalidParams.Single().Param);
        Assert.Equal(waiting, Assert.Single(await host.Approval.ListAsync(default)));
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
    }

    [Fact]
    public async Task Update_WaitsForTheOperator_TheLastOneCounts_29222_5_5_2_6()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        Assert.Null((await host.Invoker("a").RequestUpdateAsync(InvokerHost.Details(key) with { ApiInvokerInformation = "first" }, default)).Refusal);
        var first = Assert.Single(await host.Approval.ListAsync(default));
        Assert.Null((await host.Invoker("a").RequestPatchAsync([.. "{\"apiInvokerInformation\":\"second\"}"u8], default)).Refusal);
        var second = Assert.Single(await host.Approval.ListAsync(default));
        Assert.Equal((true, "second"), (second.IsUpdate, second.ApiInvokerInformation));
        // What the operator looked at is not there any more.
        Assert.Equal(ErrorKind.NotFound, (await host.Approval.ApproveAsync(first.RequestId, default)).Refusal!.Kind);

        Assert.Null((await host.Approval.ApproveAsync(second.RequestId, default)).Refusal);
        var told = await NoticeAsync(host, "\"result\":true");
        Assert.Equal("second", told["apiInvokerEnrolmentDetails"]!["apiInvokerInformation"]!.GetValue<string>());
        Assert.Null(told["apiInvokerEnrolmentDetails"]!["onboardingInformation"]!["apiInvokerCertificate"]);

        Assert.Null((await host.Invoker("a").RequestPatchAsync([.. "{\"apiInvokerInformation\":\"third\"}"u8], default)).Refusal);
        Assert.Null((await host.Approval.RefuseAsync(Assert.Single(await host.Approval.ListAsync(default)).RequestId, default)).Refusal);
        await NoticeAsync(host, "\"result\":false");
        Assert.Equal("second", await InformationAsync(host));
        Assert.Empty(await host.Approval.ListAsync(default));
    }

    [Fact]
    public async Task UpdateAtOnce_TakesThePlaceOfOneThatWaits()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.OnboardedAsync("a", key);
        Assert.Null((await host.Invoker("a").RequestUpdateAsync(InvokerHost.Details(key), default)).Refusal);
        var waiting = Assert.Single(await host.Approval.ListAsync(default));
        // The operator has changed the policy meanwhile.
        Assert.Null((await host.Invoker("a").UpdateAsync(InvokerHost.Details(key) with { ApiInvokerInformation = "newer" }, default)).Refusal);
        Assert.Equal(ErrorKind.NotFound, (await host.Approval.ApproveAsync(waiting.RequestId, default)).Refusal!.Kind);
        Assert.Equal("newer", await InformationAsync(host));
    }

    [Fact]
    public async Task Update_IsCheckedBeforeItWaits_AndEndsWithTheInvoker()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        using var other = new SigningKey();
        Assert.Equal(ErrorKind.NotFound, (await host.Invoker("a").RequestUpdateAsync(InvokerHost.Details(key), default)).Refusal!.Kind);
        await host.OnboardedAsync("a", key);
        Assert.Equal(ErrorKind.ModificationNotAllowed, (await host.Invoker("a").RequestUpdateAsync(InvokerHost.Details(other), default)).Refusal!.Kind);
        Assert.Equal(ErrorKind.ModificationNotAllowed, (await host.Invoker("a").RequestPatchAsync([.. "{\"apiInvokerId\":\"b\"}"u8], default)).Refusal!.Kind);
        Assert.Empty(await host.Approval.ListAsync(default));
        Assert.Null((await host.Invoker("a").RequestUpdateAsync(InvokerHost.Details(key), default)).Refusal);
        var waiting = Assert.Single(await host.Approval.ListAsync(default));
        Assert.Null((await host.Invoker("a").OffboardAsync(default)).Refusal);
        Assert.Equal(ErrorKind.NotFound, (await host.Approval.ApproveAsync(waiting.RequestId, default)).Refusal!.Kind);
        Assert.Empty(await host.Approval.ListAsync(default));
    }

    /// <summary>The next notification to the invoker with this in it.</summary>
    internal static async Task<JsonNode> NoticeAsync(InvokerHost host, string text)
    {
        host.Host.Time.Advance(TimeSpan.Zero);
        return JsonNode.Parse(await host.Sender.ReceivedAsync(Receiver, text))!;
    }

    /// <summary>A refused onboarding is gone, and its key may be used again.</summary>
    internal static async Task NothingIsLeftAsync(InvokerHost host, SigningKey key)
    {
        Assert.Empty(await host.Approval.ListAsync(default));
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
        Assert.Equal((0L, 0L), (host.Rows("state", "api-invoker", "a"), host.Rows("reminders", "api-invoker", "a")));
        await host.OnboardedAsync("again", key);
    }

    private static async Task<string?> InformationAsync(InvokerHost host) =>
        (await host.Invoker("a").PatchAsync([.. "{}"u8], default)).Value!.ApiInvokerInformation;
}
