namespace CapifOrleans.Silo.Options;

/// <summary>One key: <c>--name</c> on the command line, <c>CAPIF_NAME</c> in the environment, <c>"name"</c> in the configuration file.</summary>
internal sealed record Setting
{
    /// <summary>The key.</summary>
    public required string Name { get; init; }

    /// <summary>What it says, for the help and the documentation.</summary>
    public required string Help { get; init; }

    /// <summary>What the help calls its value.</summary>
    public required string ValueName { get; init; }

    /// <summary>The default, for people; null where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether several values may be given.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether the value is a secret: the environment only, since command lines and files are read by others.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Sets the values; answers what is wrong with them and what to do, or null.</summary>
    public required Func<SiloOptions, IReadOnlyList<string>, string?> Apply { get; init; }

    /// <summary>The name on the command line.</summary>
    public string OptionName => "--" + Name;

    /// <summary>The name in the environment.</summary>
    public string VariableName => "CAPIF_" + Name.Replace('-', '_').ToUpperInvariant();
}
