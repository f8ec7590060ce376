namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>
/// Requests, approvals and refusals whose process is killed before each of their writes: a request waits or does not exist, an approval is whole
/// or still to be made, and what was decided is told.
/// </summary>
public sealed class ApprovalInterruptionTests
{
    // More than any of them writes: the last ones run through.
    public static TheoryData<int> Writes => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task KilledRequest_WaitsOrDoesNotExist(int writes)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var answered = await UntilKilledAsync(host, writes, async () => Assert.Null((await host.RequestAsync("a", InvokerHost.Details(key))).Refusal));
        var waiting = await host.Approval.ListAsync(default);
        if (answered)
            Assert.Single(waiting);
        if (waiting.IsEmpty)
            await host.OnboardedAsync("b", key);
        else
            Assert.Null((await host.Approval.ApproveAsync(waiting[0].RequestId, default)).Refusal);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task KilledApproval_IsWholeOrStillToBeMade_AndIsTold(int writes)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        Assert.Null((await host.RequestAsync("a", InvokerHost.Details(key))).Refusal);
        var requestId = Assert.Single(await host.Approval.ListAsync(default)).RequestId;
        var answered = await UntilKilledAsync(host, writes, async () => Assert.Null((await host.Approval.ApproveAsync(requestId, default)).Refusal));
        if (await host.Approval.ListAsync(default) is [var waiting])
        {
            Assert.False(answered);
            Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
            Assert.Null((await host.Approval.ApproveAsync(waiting.RequestId, default)).Refusal);
        }

        host.Host.Time.Advance(TimeSpan.FromMinutes(6));
        var told = await ApprovalTests.NoticeAsync(host, "\"result\":true");
        var pem = told["apiInvokerEnrolmentDetails"]!["onboardingInformation"]!["apiInvokerCertificate"]!.GetValue<string>();
        Assert.Equal("a", (await host.Invoker("a").IdentifyAsync(InvokerHost.Presented(pem), default))!.Id);
        Assert.Equal("a", (await host.Reservation(key).GetOwnerAsync(default))!.Id);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task KilledRefusal_IsCarriedOutOrStillToBeMade_AndIsTold(int writes)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        Assert.Null((await host.RequestAsync("a", InvokerHost.Details(key))).Refusal);
        var requestId = Assert.Single(await host.Approval.ListAsync(default)).RequestId;
        var answered = await UntilKilledAsync(host, writes, async () => Assert.Null((await host.Approval.RefuseAsync(requestId, default)).Refusal));
        var completed = host.Steps.Reach("RefusalCompleted");
        if (await host.Approval.ListAsync(default) is [var waiting])
        {
            Assert.False(answered);
            Assert.Null((await host.Approval.RefuseAsync(waiting.RequestId, default)).Refusal);
        }

        host.Host.Time.Advance(TimeSpan.FromMinutes(6));
        if (!answered)
            await completed;
        await ApprovalTests.NoticeAsync(host, "\"result\":false");
        await host.OnboardedAsync("again", key);
    }

    /// <summary>Whether it was answered before the process was killed.</summary>
    private static async Task<bool> UntilKilledAsync(InvokerHost host, int writes, Func<Task> act)
    {
        host.Storage.BreakAfter(writes);
        var answered = true;
        try
        {
            await act();
        }
        catch (IOException)
        {
            answered = false;
        }

        await host.Host.KillAndRestartAsync();
        host.Storage.Mend();
        return answered;
    }
}
