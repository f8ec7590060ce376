using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CapifOrleans.Client;

/// <summary>
/// What an API invoker has before it onboards (TS 33.122 6.1 step 1): the core function's address, its root certificate and the onboarding
/// credential. How it is obtained is out of the standard's scope; <see cref="FetchAsync"/> gets it where accounts are as docs/enrolment.md has them.
/// </summary>
public sealed record EnrolmentInformation
{
    /// <summary>The apiRoot of CAPIF-1/1e, as <c>https://core.example.net:8443</c>.</summary>
    public required Uri Core { get; init; }

    /// <summary>The root certificates that core function and AEFs chain to; nothing else is trusted.</summary>
    public required X509Certificate2Collection Roots { get; init; }

    /// <summary>The onboarding credential, an OAuth 2.0 access token. It is secret.</summary>
    public required string Credential { get; init; }

    /// <summary>Gets it from an operator's enrolment listener by name and password (<c>GET /getauth</c>, as OpenCAPIF's register service has it).</summary>
    /// <param name="enrolment">The listener's address.</param>
    /// <param name="roots">The root certificates, got from the operator by another way: they are what the listener is checked by.</param>
    /// <param name="userName">The account.</param>
    /// <param name="password">Its password.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CapifException">Name or password are wrong, or the answer is none.</exception>
    /// <exception cref="HttpRequestException">The listener cannot be reached, or its certificate is not good.</exception>
    public static async Task<EnrolmentInformation> FetchAsync(
        Uri enrolment, X509Certificate2Collection roots, string userName, string password, CancellationToken cancellationToken = default)
    {
        const string What = "The enrolment credential";
        using var connection = new CoreConnection(enrolment, ClientTls.CreateHandler(roots), TimeSpan.FromSeconds(100));
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));
        var answer = await connection.SendAsync(
            What, HttpMethod.Get, "getauth", null, ClientJson.Default.EnrolmentAnswer, cancellationToken, new AuthenticationHeaderValue("Basic", basic));
        var body = answer.Required(What);
        // Not every such listener says where the core function is; the address is then the operator's to give.
        var core = body.Core ?? throw new CapifException("The enrolment listener does not name the core function; make the EnrolmentInformation by hand.", answer.Status);
        return new EnrolmentInformation { Core = core, Roots = roots, Credential = body.AccessToken };
    }

    /// <summary>Not the credential.</summary>
    public override string ToString() => Core.ToString();
}

/// <summary>The answer of <c>GET /getauth</c>, as far as it is needed.</summary>
internal sealed record EnrolmentAnswer
{
    [System.Text.Json.Serialization.JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    public Uri? Core { get; init; }

    public override string ToString() => nameof(EnrolmentAnswer);
}
