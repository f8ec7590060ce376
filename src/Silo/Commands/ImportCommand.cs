using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Migration;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>import-opencapif users|services</c>: takes over what OpenCAPIF's databases hold (docs/migrating-from-opencapif.md).</summary>
internal static class ImportCommand
{
    private const string AlreadyThere = "exists already";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("import-opencapif", "Imports from mongoexport's files of an OpenCAPIF.")
    {
        Users(context),
        Services(context),
    };

    private static Command Users(CommandContext context)
    {
        var file = File("The collection of the register service's users.");
        var passwords = new Option<string>("--passwords")
        {
            Required = true,
            HelpName = "file",
            Description = "New file, mode 0600, for the passwords of those whose own cannot be taken over, as OpenCAPIF hashed it.",
        };
        var command = new Command("users", "Makes their enrolment accounts; none is an administrator.") { file, passwords };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var path = parsed.GetRequiredValue(file);
            var users = OpenCapifExport.Read(await ReadAsync(path, cancellationToken), path).Select(OpenCapifExport.User).ToList();
            await using var secrets = Secrets(parsed.GetRequiredValue(passwords));
            return await context.AdministerAsync(options, async core =>
            {
                var failed = 0;
                foreach (var user in users)
                {
                    if (user is not { } one)
                    {
                        await context.Error.WriteLineAsync("capif: a document without username is passed over.");
                        failed++;
                        continue;
                    }

                    var password = one.Password ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                    // Before the account exists: a password that nobody was told helps nobody.
                    if (one.Password is null)
                    {
                        await secrets.WriteLineAsync($"{one.UserName} {password}");
                        await secrets.FlushAsync(cancellationToken);
                    }

                    var outcome = await core.AddUserAsync(new NewUser { UserName = one.UserName, Password = password }, cancellationToken);
                    failed += await ToldAsync(context, one.UserName, outcome.Value?.Uuid, outcome.Refusal) ? 0 : 1;
                }

                return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
            }, cancellationToken);
        }));
        return command;
    }

    private static Command Services(CommandContext context)
    {
        var file = File("The collection of published service APIs.");
        var map = new Option<string[]>("--map")
        {
            Required = true,
            HelpName = "old=new",
            Description = "The new identifier of an APF or AEF that registered here; may be repeated.",
        };
        var command = new Command("services", "Publishes them for APFs that registered here; each is published once.") { file, map };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var identifiers = Map(parsed.GetRequiredValue(map));
            var path = parsed.GetRequiredValue(file);
            var imports = OpenCapifExport.Read(await ReadAsync(path, cancellationToken), path).Select(one => Import(one, identifiers, path)).ToList();
            return await context.AdministerAsync(options, async core =>
            {
                var failed = 0;
                foreach (var (name, import) in imports)
                {
                    var outcome = await core.ImportServiceApiAsync(import, cancellationToken);
                    failed += await ToldAsync(context, name, outcome.Value?.ApiId, outcome.Refusal) ? 0 : 1;
                }

                return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
            }, cancellationToken);
        }));
        return command;
    }

    private static Argument<string> File(string description) => new("file") { Description = description };

    /// <summary>Says what became of one; what is there already is no failure, so that an import can be run again.</summary>
    private static async Task<bool> ToldAsync(CommandContext context, string name, string? made, Refusal? refusal)
    {
        if (refusal is null)
            await context.Output.WriteLineAsync($"{name} {made}");
        else if (refusal.Kind == ErrorKind.AlreadyExists)
            await context.Output.WriteLineAsync($"{name} {AlreadyThere}");
        else
            await context.Error.WriteLineAsync($"capif: {name}: {refusal.Detail}");
        return refusal is null || refusal.Kind == ErrorKind.AlreadyExists;
    }

    private static Dictionary<string, string> Map(string[] pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (pair.Split('=') is not [{ Length: > 0 } old, { Length: > 0 } now])
                throw new StartFailure($"--map {pair}: give an old and a new identifier as old=new.");
            map[old] = now;
        }

        return map;
    }

    /// <summary>What is imported of a document, with the new identifiers. An unknown one stops the import before anything is published.</summary>
    private static (string Name, ServiceApiImport Import) Import(JsonObject document, Dictionary<string, string> map, string file)
    {
        if (OpenCapifExport.ServiceApi(document) is not { } found)
            throw new StartFailure($"{file}: has a document without apf_id; is it the collection of published service APIs?");
        var name = (string?)found.Description["apiName"] ?? "a service API without name";
        foreach (var profile in found.Description["aefProfiles"]?.AsArray() ?? [])
        {
            if ((string?)profile!["aefId"] is { } aefId)
                profile["aefId"] = New(aefId);
        }

        foreach (var (aefId, index) in (found.Description["apiStatus"]?["aefIds"]?.AsArray() ?? []).Select((one, index) => ((string)one!, index)).ToList())
            found.Description["apiStatus"]!["aefIds"]![index] = New(aefId);
        return (name, new ServiceApiImport { ApfId = New(found.ApfId), Description = found.Description.ToJsonString() });

        string New(string old) => map.GetValueOrDefault(old)
            ?? throw new StartFailure($"{name}: names {old}, which --map does not; register its provider here, then give --map {old}=<its new identifier>.");
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await System.IO.File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"{path}: cannot be read ({fault.Message}).", fault);
        }
    }

    private static StreamWriter Secrets(string path)
    {
        try
        {
            return new StreamWriter(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"--passwords {path}: cannot be made ({fault.Message}); name a file that does not exist.", fault);
        }
    }
}
