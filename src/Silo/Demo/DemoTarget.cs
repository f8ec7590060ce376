using System.Security.Cryptography.X509Certificates;

namespace CapifOrleans.Silo.Demo;

/// <summary>The core function that the demonstration runs against, and the enrolment account that it uses.</summary>
internal sealed record DemoTarget
{
    /// <summary>The core listener's base address.</summary>
    public required Uri Core { get; init; }

    /// <summary>The enrolment listener's base address.</summary>
    public required Uri Enrolment { get; init; }

    /// <summary>The root certificate, which every TLS connection is checked against.</summary>
    public required X509Certificate2 Root { get; init; }

    /// <summary>The enrolment user.</summary>
    public required string UserName { get; init; }

    /// <summary>The user's password.</summary>
    public required string Password { get; init; }

    /// <summary>Not the password.</summary>
    public override string ToString() => Core.ToString();
}
