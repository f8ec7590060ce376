using System.Text.Json.Nodes;
using CapifOrleans.Grains.Enrolment;

namespace CapifOrleans.Grains.Tests.Enrolment;

public class EnrolmentUserGrainTests
{
    [Fact]
    public async Task CreatedAccount_LogsIn_AlsoAfterARestart()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var made = await host.CreatedAsync("alice", administrator: true);

        await host.Host.RestartAsync();
        var outcome = await host.LogInAsync("alice");

        Assert.Equal(made, outcome.Value);
        Assert.True(made.IsAdministrator);
        Assert.Equal(made, Assert.Single(await host.Users.ListAsync(default)));
    }

    [Theory]
    [InlineData("alice", "short pwd")]
    [InlineData("alice-alice", "ALICE-alice")]
    [InlineData("al ice", EnrolmentHost.Password)]
    [InlineData("älice", EnrolmentHost.Password)]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345", EnrolmentHost.Password)]
    public async Task BadNameOrPassword_IsRefusedAndMakesNothing(string name, string password)
    {
        await using var host = await EnrolmentHost.StartAsync();

        var outcome = await host.CreateAsync(name, password);

        Assert.Equal(ErrorKind.InvalidRequest, outcome.Refusal?.Kind);
        Assert.DoesNotContain(password, outcome.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(await host.Users.ListAsync(default));
        Assert.Null(await host.User(name).GetAsync(default));
    }

    [Fact]
    public async Task SecondAccountOfAName_IsRefused_AndTheFirstStays()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var first = await host.CreatedAsync("alice");

        var second = await host.CreateAsync("alice", "another password");

        Assert.Equal(ErrorKind.AlreadyExists, second.Refusal?.Kind);
        Assert.Equal(first, (await host.LogInAsync("alice")).Value);
    }

    [Fact]
    public async Task RemovedName_IsFreeAtOnce_AsAnotherAccount()
    {
        await using var host = await EnrolmentHost.StartAsync();
        var first = await host.CreatedAsync("alice");
        Assert.Null((await host.User("alice").RemoveAsync(first.Uuid, default)).Refusal);
        var second = await host.CreatedAsync("alice");

        Assert.NotEqual(first.Uuid, second.Uuid);
        Assert.Equal(ErrorKind.NotFound, (await host.User("alice").RemoveAsync(first.Uuid, default)).Refusal?.Kind);
        Assert.Null(await host.Users.FindAsync(first.Uuid, default));
        Assert.Equal(second, await host.Users.FindAsync(second.Uuid, default));
        Assert.Equal(second, await host.User("alice").GetAsync(default));
    }

    [Fact]
    public async Task RemovedAccount_IsGone_AlsoAfterARestart()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await host.CreatedAsync("alice");
        await host.User("alice").RemoveAsync(null, default);

        await host.Host.RestartAsync();

        Assert.Null(await host.User("alice").GetAsync(default));
        Assert.Empty(await host.Users.ListAsync(default));
        Assert.Equal(ErrorKind.Unauthenticated, (await host.LogInAsync("alice")).Refusal?.Kind);
    }

    [Fact]
    public async Task WrongPasswordAndUnknownUser_AreRefusedAlike()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await host.CreatedAsync("alice");

        for (var attempt = 0; attempt < LogInAttempts.FreeFailures + 1; attempt++)
        {
            var wrong = await host.LogInAsync("alice", "wrong password");
            var unknown = await host.LogInAsync("bob", "wrong password");

            Assert.NotNull(wrong.Refusal);
            Assert.Equal(wrong.Refusal, unknown.Refusal);
        }
    }

    [Fact]
    public async Task TooManyFailures_LockEvenTheRightPassword_ForAWhile()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await host.CreatedAsync("alice");
        for (var attempt = 0; attempt < LogInAttempts.FreeFailures; attempt++)
            Assert.Equal(ErrorKind.Unauthenticated, (await host.LogInAsync("alice", "wrong password")).Refusal?.Kind);

        Assert.Equal(ErrorKind.TooMany, (await host.LogInAsync("alice")).Refusal?.Kind);
        host.Host.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null((await host.LogInAsync("alice")).Refusal);
    }

    [Fact]
    public async Task RisenIterations_HashAnewAtTheNextLogIn()
    {
        await using var host = await EnrolmentHost.StartAsync();
        await host.CreatedAsync("alice");
        host.Options.PasswordIterations = 3_000;
        await host.Host.RestartAsync();

        Assert.Null((await host.LogInAsync("alice")).Refusal);

        Assert.Equal(3_000, await StoredIterationsAsync(host));
        Assert.Null((await host.LogInAsync("alice")).Refusal);
    }

    private static async Task<int> StoredIterationsAsync(EnrolmentHost host)
    {
        var document = JsonNode.Parse(await host.Host.StoredStateAsync("account", "alice"))!;
        return (int)document["state"]!["Account"]!["Password"]!["Iterations"]!;
    }
}
