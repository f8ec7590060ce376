using System.Collections;
using System.CommandLine;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Commands;

/// <summary>The settings as options of the command line. They are text there: <see cref="SettingReader"/> reads them, so that all faults come at once.</summary>
internal sealed class SettingOptions
{
    private readonly Dictionary<string, Option> _options = Settings.All
        .Where(setting => !setting.IsSecret)
        .ToDictionary(setting => setting.Name, Make, StringComparer.Ordinal);

    private readonly Option<string?> _config = new("--config")
    {
        Description = "Configuration file: a JSON object with the keys of these options. Default: capif.json in the working folder, if there. (CAPIF_CONFIG)",
        HelpName = "file",
    };

    /// <summary>Lets a command take all settings.</summary>
    public void AddAllTo(Command command)
    {
        command.Add(_config);
        foreach (var setting in Settings.All.Where(setting => !setting.IsSecret))
            command.Add(_options[setting.Name]);
    }

    /// <summary>Lets a command take those that say which core function is meant.</summary>
    public void AddDataFolderTo(Command command)
    {
        command.Add(_config);
        command.Add(_options[Settings.DataDirectory.Name]);
        command.Add(_options[Settings.KeyFile.Name]);
    }

    /// <summary>The settings of an invocation.</summary>
    /// <exception cref="StartFailure">Some are wrong; the message has a line for each.</exception>
    public SiloOptions Read(ParseResult parsed, IDictionary environment)
    {
        var given = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, option) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
                given[name] = [.. result.Tokens.Select(token => token.Value)];
        }

        var (options, faults) = SettingReader.Read(given, parsed.GetValue(_config), environment);
        return options ?? throw new StartFailure(string.Join(Environment.NewLine, faults));
    }

    private static Option Make(Setting setting)
    {
        var description = $"{setting.Help}{(setting.Default is { } standard ? $" Default: {standard}." : "")} ({setting.VariableName})";
        return setting.IsList
            ? new Option<string[]>(setting.OptionName) { Description = description, HelpName = setting.ValueName }
            : new Option<string>(setting.OptionName) { Description = description, HelpName = setting.ValueName };
    }
}
