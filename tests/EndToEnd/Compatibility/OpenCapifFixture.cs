using System.Net;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Compatibility;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.EndToEnd.Compatibility;

/// <summary>A core function in a compatibility, its operator's certificate, and a client of OpenCAPIF for it.</summary>
public abstract class ProfileFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-compat-");
    private int _names;

    private protected abstract CompatibilityProfile Profile { get; }

    /// <summary>The password of each account.</summary>
    private protected virtual string UserPassword => "password";

    internal CoreFunction Core { get; private set; } = null!;

    internal CapifClient Client { get; private set; } = null!;

    /// <summary>The operator's administrator.</summary>
    internal ClientParty Superadmin { get; } = new("superadmin");

    /// <summary>Where notifications come.</summary>
    internal RecordingReceiver Receiver { get; private set; } = null!;

    /// <summary>The data folder.</summary>
    internal string DataDirectory => Path.Combine(_folder.FullName, "capif-data");

    /// <summary>A life with account names of its own.</summary>
    internal ClientLife NewLife() => new(Client, $"ROBOT_TESTING_{Interlocked.Increment(ref _names)}");

    public async Task InitializeAsync()
    {
        var options = new SiloOptions
        {
            DataDirectory = DataDirectory,
            ListenAddress = IPAddress.Loopback,
            CorePort = 0,
            EnrolmentPort = 0,
            OperationsPort = 0,
            Compatibility = Profile,
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Warning,
        };
        Core = await CoreFunction.StartAsync(options, Stream.Null, TimeProvider.System, default);
        var admin = await Core.Administration.AddUserAsync(new NewUser { UserName = "admin", Password = "password123", IsAdministrator = true }, default);
        Assert.Null(admin.Refusal);
        var root = await CommandAsync("pki", "root");
        var request = Path.Combine(_folder.FullName, "superadmin.csr");
        await File.WriteAllTextAsync(request, Superadmin.SigningRequest());
        Superadmin.Accept(await CommandAsync("pki", "issue", "--role", "superadmin", "--csr", request));
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(root);
        Client = new CapifClient(Core.Core, Core.Enrolment, authorities, "admin", "password123") { UserPassword = UserPassword };
        Receiver = await RecordingReceiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Core.DisposeAsync();
        Superadmin.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Runs an operator's command on the data folder; what it prints.</summary>
    internal async Task<string> CommandAsync(params string[] command)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exit = await CommandLine.RunAsync([.. command, "--data-dir", DataDirectory], output, error, new System.Collections.Hashtable());
        Assert.True(exit == ExitCodes.Done, error.ToString());
        return output.ToString();
    }
}

/// <summary>As <c>--compatibility opencapif</c> has it.</summary>
public sealed class OpenCapifFixture : ProfileFixture
{
    private protected override CompatibilityProfile Profile => CompatibilityProfile.OpenCapif;
}

/// <summary>As an operator has it who says nothing.</summary>
public sealed class StandardFixture : ProfileFixture
{
    private protected override CompatibilityProfile Profile => CompatibilityProfile.Standard;

    private protected override string UserPassword => "a password of the standard";
}

[CollectionDefinition(nameof(OpenCapifCollection))]
public sealed class OpenCapifCollection : ICollectionFixture<OpenCapifFixture>;

[CollectionDefinition(nameof(StandardCollection))]
public sealed class StandardCollection : ICollectionFixture<StandardFixture>;
