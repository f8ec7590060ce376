using System.Globalization;
using System.Net;
using System.Text;
using CapifOrleans.Compatibility;
using CapifOrleans.Frontend.Tls;
using CapifOrleans.Grains.Interconnection;
using CapifOrleans.Grains.Pki;
using CapifOrleans.InvokerManagement;

namespace CapifOrleans.Silo.Options;

/// <summary>Turns the text of a setting into its value. Each answers null, or what is wrong and what to give instead.</summary>
internal static class SettingParsers
{
    // sockaddr_un holds 107 octets and a zero; the control socket's own name takes some of them.
    private const int MostFolderOctets = 90;

    public static string? Number(string text, int least, int most, Action<int> set)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
            return $"'{text}' is not a whole number from {least} to {most}.";
        set(value);
        return null;
    }

    public static string? Folder(string text, Action<string> set)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            return "is empty; name a folder.";
        var path = Path.GetFullPath(text);
        if (Encoding.UTF8.GetByteCount(path) > MostFolderOctets)
            return $"'{path}' is longer than {MostFolderOctets} octets, too long for the control socket in it; choose a shorter path.";
        set(path);
        return null;
    }

    public static string? File(string text, Action<string> set)
    {
        if (!System.IO.File.Exists(text))
            return $"there is no file '{text}'; make it, or correct the path.";
        set(Path.GetFullPath(text));
        return null;
    }

    public static string? Role(string text, Action<SiloRole> set)
    {
        // By name: Enum.TryParse takes numbers and lists as well.
        foreach (var role in Enum.GetValues<SiloRole>().Where(role => role.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)))
        {
            set(role);
            return null;
        }

        return $"'{text}' is no role; give silo, frontend or all.";
    }

    public static string? Destinations(string text, Action<bool> setAllowsPrivate)
    {
        if (text is not ("private" or "public"))
            return $"'{text}' is neither private nor public.";
        setAllowsPrivate(text == "private");
        return null;
    }

    public static string? Compatibility(string text, Action<CompatibilityProfile> set)
    {
        if (new[] { CompatibilityProfile.Standard, CompatibilityProfile.OpenCapif }.FirstOrDefault(one => one.Name == text) is not { } profile)
            return $"'{text}' is no compatibility; give standard or opencapif.";
        set(profile);
        return null;
    }

    public static string? Address(string text, Action<IPAddress> set)
    {
        if (!IPAddress.TryParse(text, out var address))
            return $"'{text}' is not an IP address; give one as 127.0.0.1, 0.0.0.0 or ::.";
        set(address);
        return null;
    }

    public static string? Hosts(IReadOnlyList<string> values, Action<IReadOnlyList<string>> set)
    {
        var hosts = values
            .SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))
            .Select(host => IPAddress.TryParse(host, out var address) ? address.ToString() : host.ToLowerInvariant())
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        foreach (var host in hosts)
        {
            if (!IPAddress.TryParse(host, out _) && !IsDnsName(host))
                return $"'{host}' is neither a DNS name nor an IP address; give names without scheme and port, separated by commas.";
        }

        set(hosts);
        return null;
    }

    public static string? Level(string text, Action<LogLevel> set)
    {
        if (!Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) || !Enum.IsDefined(level) || char.IsAsciiDigit(text[0]))
            return $"'{text}' is not a level; give trace, debug, information, warning, error, critical or none.";
        set(level);
        return null;
    }

    public static string? TokenAlgorithm(string text, Action<TokenAlgorithm> set)
    {
        if (!Enum.TryParse<TokenAlgorithm>(text, ignoreCase: true, out var algorithm) || !Enum.IsDefined(algorithm) || char.IsAsciiDigit(text[0]))
            return $"'{text}' is not an algorithm; give ES256 or RS256.";
        set(algorithm);
        return null;
    }

    public static string? CcfId(string text, Action<string> set)
    {
        if (!PeerRules.IsCcfId(text))
            return $"'{text}' is no identifier; give 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-', beginning with a letter or digit.";
        set(text);
        return null;
    }

    public static string? Domain(string text, Action<string> set)
    {
        if (text.Length is 0 or > 256)
            return $"'{text}' is empty or longer than 256 characters; name the domain as the operators agreed on it.";
        set(text);
        return null;
    }

    public static string? Tls(string text, Action<TlsStack> set)
    {
        if (!Enum.TryParse<TlsStack>(text, ignoreCase: true, out var stack) || !Enum.IsDefined(stack) || char.IsAsciiDigit(text[0]))
            return $"'{text}' is no TLS stack; give openssl or dotnet.";
        set(stack);
        return null;
    }

    public static string? OnboardingApproval(string text, Action<OnboardingApproval> set)
    {
        if (!Enum.TryParse<OnboardingApproval>(text, ignoreCase: true, out var approval) || !Enum.IsDefined(approval) || char.IsAsciiDigit(text[0]))
            return $"'{text}' cannot be approved; give none, onboarding or all.";
        set(approval);
        return null;
    }

    public static string? Endpoint(string text, Action<Uri> set)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            return $"'{text}' is not an address; give one as http://collector:4317.";
        set(address);
        return null;
    }

    // RFC 1123 2.1: labels of letters, digits and hyphens, 63 octets each, 253 in all.
    internal static bool IsDnsName(string name) =>
        name.Length is > 0 and <= 253 && name.Split('.').All(label =>
            label.Length is > 0 and <= 63
            && label[0] != '-' && label[^1] != '-'
            && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
}
