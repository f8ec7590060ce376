using CapifOrleans.Enrolment;
using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapifOrleans.Grains.Tests.Enrolment;

/// <summary>A grain host with enrolment and its keys, and a clock that the test moves. Hashing is quick there.</summary>
internal sealed class EnrolmentHost : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("capif-keys-");

    private EnrolmentHost() { }

    public EnrolmentOptions Options { get; } = new() { PasswordIterations = 1_000, Issuer = "core.example" };

    public TestGrainHost Host { get; private set; } = null!;

    public IEnrolmentCredentialGrain Credentials => Host.Grains.GetGrain<IEnrolmentCredentialGrain>(0);

    public IEnrolmentDirectoryGrain Users => Host.Grain<IEnrolmentDirectoryGrain>("users");

    public ITokenSigningKeys Keys => Host.Services.GetRequiredService<ITokenSigningKeys>();

    public static async Task<EnrolmentHost> StartAsync()
    {
        var host = new EnrolmentHost();
        host.Host = await TestGrainHost.StartAsync(options =>
        {
            options.Time = new ManualTimeProvider();
            options.ConfigureServices(services => services
                .AddPki(new PkiOptions { Folder = host._keys.FullName })
                .AddEnrolmentGrains(host.Options));
        });
        return host;
    }

    public IEnrolmentUserGrain User(string name) => Host.Grain<IEnrolmentUserGrain>(name);

    public Task<Outcome<EnrolmentUser>> CreateAsync(string name, string password = Password, bool administrator = false) =>
        User(name).CreateAsync(
            new NewEnrolmentUser { Password = new EnrolmentPassword { Text = password }, IsAdministrator = administrator }, CancellationToken.None);

    public async Task<EnrolmentUser> CreatedAsync(string name, bool administrator = false)
    {
        var outcome = await CreateAsync(name, administrator: administrator);
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    public Task<Outcome<EnrolmentUser>> LogInAsync(string name, string password = Password) =>
        User(name).LogInAsync(new EnrolmentPassword { Text = password }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _keys.Delete(recursive: true);
    }
}
