using System.Globalization;

namespace CapifOrleans.Silo.Demo;

/// <summary>Prints the demonstration: a line a step with method and path, status, the clause and the time that it took.</summary>
internal sealed class DemoReport(TextWriter output)
{
    private int _steps;

    /// <summary>A title between steps.</summary>
    public void Title(string text) => output.WriteLine($"\n{text}");

    /// <summary>A request that was answered as expected.</summary>
    public void Request(string what, HttpMethod method, string path, int status, string clause, TimeSpan took) =>
        Line(what, $"{method} {path}", status.ToString(CultureInfo.InvariantCulture), clause, took);

    /// <summary>Something else that was checked and held.</summary>
    public void Check(string what, string seen, string clause, TimeSpan took) => Line(what, seen, "ok", clause, took);

    /// <summary>The last line.</summary>
    public void AllHeld(TimeSpan took) => output.WriteLine($"\nAll {_steps} steps held, in {took.TotalMilliseconds:F0} ms.");

    /// <summary>The last line where something did not hold.</summary>
    public void Failed(string message) => output.WriteLine($"\nFAILED after {_steps} steps: {message}");

    private void Line(string what, string seen, string status, string clause, TimeSpan took)
    {
        _steps++;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_steps,3}  {what,-44} {status,-4} {took.TotalMilliseconds,7:F1} ms  {clause,-28} {Shorten(seen)}"));
    }

    private static string Shorten(string path) => path.Length <= 110 ? path : path[..107] + "...";
}
