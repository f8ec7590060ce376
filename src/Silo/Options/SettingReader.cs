using System.Collections;

namespace CapifOrleans.Silo.Options;

/// <summary>
/// Reads the settings: command line before environment before configuration file before defaults. Every key that it does not know, and every
/// value that it cannot use, is a fault; all faults are told at once.
/// </summary>
internal static class SettingReader
{
    private const string Prefix = "CAPIF_";
    private const string ConfigVariable = "CAPIF_CONFIG";
    private const string DefaultFile = "capif.json";

    /// <summary>The options, or what is wrong, a line each.</summary>
    /// <param name="commandLine">Values by key, as given on the command line.</param>
    /// <param name="config">The configuration file that the command line names; null for none.</param>
    /// <param name="environment">The environment.</param>
    public static (SiloOptions? Options, IReadOnlyList<string> Faults) Read(
        IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine, string? config, IDictionary environment)
    {
        var faults = new List<string>();
        var variables = Variables(environment);
        var file = ConfigFile(config, variables, faults);
        var options = new SiloOptions();
        foreach (var setting in Settings.All)
        {
            if (Find(setting, commandLine, variables, file) is not { } found)
                continue;
            if (setting.Apply(options, found.Values) is { } fault)
                faults.Add($"{found.Source}: {fault}");
        }

        faults.AddRange(variables.Keys
            .Where(name => name != ConfigVariable && Settings.All.All(setting => setting.VariableName != name))
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name}: there is no such setting; remove the variable or correct its name (serve --help lists them)."));
        if (faults.Count == 0)
            faults.AddRange(CrossChecks(options));
        return faults.Count == 0 ? (options, faults) : (null, faults);
    }

    private static (string Source, IReadOnlyList<string> Values)? Find(
        Setting setting,
        IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine,
        Dictionary<string, string> variables,
        ConfigFile? file)
    {
        if (commandLine.TryGetValue(setting.Name, out var given))
            return (setting.OptionName, given);
        if (variables.TryGetValue(setting.VariableName, out var variable))
            return (setting.VariableName, [variable]);
        return file is not null && file.Values.TryGetValue(setting.Name, out var values)
            ? ($"{file.Path}: {setting.Name}", values)
            : null;
    }

    private static Dictionary<string, string> Variables(IDictionary environment)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in environment)
        {
            if (entry is { Key: string name, Value: string value } && name.StartsWith(Prefix, StringComparison.Ordinal))
                found[name] = value;
        }

        return found;
    }

    private static ConfigFile? ConfigFile(string? config, Dictionary<string, string> variables, List<string> faults)
    {
        var source = "--config";
        if (config is null && variables.TryGetValue(ConfigVariable, out config))
            source = ConfigVariable;
        if (config is null)
            return File.Exists(DefaultFile) ? Options.ConfigFile.Read(DefaultFile, faults) : null;
        if (File.Exists(config))
            return Options.ConfigFile.Read(config, faults);
        faults.Add($"{source}: there is no file '{config}'; make it, or correct the path.");
        return null;
    }

    private static IEnumerable<string> CrossChecks(SiloOptions options)
    {
        if (options.Key is not null && options.KeyFile is not null)
            yield return "CAPIF_KEY and key-file are both given; keep one of them.";
        (string Name, int Port)[] ports =
        [
            ("core-port", options.CorePort), ("enrolment-port", options.EnrolmentPort), ("exposure-port", options.ExposurePort),
            ("interconnection-port", options.InterconnectionPort), ("operations-port", options.OperationsPort),
        ];
        foreach (var same in ports.Where(port => port.Port != 0).GroupBy(port => port.Port).Where(group => group.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(port => port.Name))} share port {same.Key}; give each its own.";
    }
}
