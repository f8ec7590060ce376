namespace CapifOrleans.EndToEnd.Security;

/// <summary>A test in a real browser: Debian's chromium. Where it is not installed the test is skipped, and says so.</summary>
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public ChromiumFactAttribute()
    {
        if (!File.Exists(Chromium))
            Skip = $"{Chromium} is not installed (apt-get install chromium).";
    }
}
