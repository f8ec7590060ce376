using System.Text;

namespace CapifOrleans.Silo.Commands;

/// <summary>Where a password comes from: never from the command line, which others can read.</summary>
internal static class PasswordSource
{
    /// <summary>Reads it from the file, or asks for it twice, or, where nobody is there to be asked, takes the first line of standard input.</summary>
    public static string Read(string? file, TextWriter prompt)
    {
        if (file is not null)
            return FromFile(file);
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() ?? throw new StartFailure("there is no password on standard input; give one there, or by --password-file.");
        var first = Ask("Password: ", prompt);
        return Ask("Again: ", prompt) == first ? first : throw new StartFailure("the two passwords differ; try again.");
    }

    /// <summary>Reads a password that is known to somebody else already: it is asked for once.</summary>
    public static string ReadOnce(string? file, TextWriter prompt)
    {
        if (file is not null)
            return FromFile(file);
        return Console.IsInputRedirected
            ? Console.In.ReadLine() ?? throw new StartFailure("there is no password on standard input; give one there, or by --password-file.")
            : Ask("Password: ", prompt);
    }

    private static string FromFile(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"--password-file {file}: cannot be read ({fault.Message}).", fault);
        }
    }

    private static string Ask(string question, TextWriter prompt)
    {
        prompt.Write(question);
        prompt.Flush();
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key != ConsoleKey.Backspace)
                text.Append(key.KeyChar);
            else if (text.Length > 0)
                text.Length--;
        }

        prompt.WriteLine();
        return text.ToString();
    }
}
