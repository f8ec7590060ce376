using System.Buffers;
using CapifOrleans.Enrolment;

namespace CapifOrleans.Grains.Enrolment;

/// <summary>What names and passwords an account may have.</summary>
internal static class AccountRules
{
    private const int MostNameLength = 64;
    private const int MostPasswordLength = 256;

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._@-");

    /// <summary>Whether it can be a name: 1 to 64 of A-Z, a-z, 0-9, dot, underscore, at, hyphen.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MostNameLength && !name.AsSpan().ContainsAnyExcept(NameLetters);

    /// <summary>What is wrong with a name and password; null when nothing is.</summary>
    public static Refusal? Check(string name, NewEnrolmentUser user, EnrolmentOptions options)
    {
        if (IsName(name))
        {
            return options.AcceptsAnyPassword && !user.IsAdministrator && user.Password.Text.Length is > 0 and <= MostPasswordLength
                ? null
                : CheckPassword(name, user.Password.Text, options.MinPasswordLength);
        }

        return Refusal.OfAttribute("username", $"must be 1 to {MostNameLength} of A-Z, a-z, 0-9, '.', '_', '@', '-'");
    }

    /// <summary>What is wrong with the password of an account of this name; null when nothing is.</summary>
    public static Refusal? CheckPassword(string name, string password, int minPasswordLength)
    {
        if (password.Length < minPasswordLength)
            return Refusal.OfAttribute("password", $"must have at least {minPasswordLength} characters");
        if (password.Length > MostPasswordLength)
            return Refusal.OfAttribute("password", $"must have at most {MostPasswordLength} characters");
        return string.Equals(name, password, StringComparison.OrdinalIgnoreCase)
            ? Refusal.OfAttribute("password", "must not be the user name")
            : null;
    }
}
