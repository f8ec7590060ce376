using System.Globalization;
using CapifOrleans.Compatibility;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Commands;

/// <summary>What <c>serve</c> tells the person who started it: where everything is, and what to type next.</summary>
internal static class Banner
{
    /// <summary>Writes it.</summary>
    public static async Task WriteAsync(TextWriter output, CoreFunction core, SiloOptions options, TimeSpan took)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CAPIF core function {ProgramVersion.Text}, ready after {took.TotalMilliseconds:F0} ms"));
        text.WriteLine();
        foreach (var listener in core.Listeners)
            text.WriteLine($"  {listener.Name,-17} {listener.Address.GetLeftPart(UriPartial.Authority),-32} {listener.Purpose}");
        text.WriteLine();
        text.WriteLine($"  {"root certificate",-17} {core.RootFile}");
        text.WriteLine($"  {"data folder",-17} {options.DataDirectory}");
        if (options.Compatibility != CompatibilityProfile.Standard)
            text.WriteLine($"  {"compatibility",-17} {options.Compatibility.Name} (docs/compatibility.md)");
        text.WriteLine();
        var command = SelfCommand.Text(options);
        text.WriteLine("Next, in another terminal: make an administrator, and an account for each partner that may onboard or register:");
        text.WriteLine($"  {command("user add NAME --administrator")}");
        text.WriteLine($"  {command("user add NAME")}");
        text.WriteLine("To see an API invoker's whole life, every step checked, on a core function of its own:");
        text.WriteLine($"  {SelfCommand.Text(new SiloOptions())("demo")}");
        await output.WriteAsync(text.ToString());
        await output.FlushAsync();
    }
}
