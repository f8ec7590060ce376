namespace CapifOrleans.Grains.Enrolment;

/// <summary>How enrolment accounts and credentials are handled.</summary>
public sealed class EnrolmentOptions
{
    /// <summary>Iterations of new password hashes; at least 600,000 outside tests. Older hashes are made anew at the next log-in.</summary>
    public int PasswordIterations { get; set; } = PasswordHash.CurrentIterations;

    /// <summary>The fewest characters of a password.</summary>
    public int MinPasswordLength { get; set; } = 10;

    /// <summary>Whether users, but no administrators, may have any password that is not empty.</summary>
    public bool AcceptsAnyPassword { get; set; }

    /// <summary>The name of this core function in its credentials: issuer and audience.</summary>
    public string Issuer { get; set; } = "localhost";

    /// <summary>How long a credential is good for.</summary>
    public TimeSpan CredentialLifetime { get; set; } = TimeSpan.FromMinutes(15);
}
