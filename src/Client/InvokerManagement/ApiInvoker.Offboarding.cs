using System.Net;

namespace CapifOrleans.Client;

/// <summary>Offboarding (TS 33.122 6.8, 29.222 5.5.2.3).</summary>
public sealed partial class ApiInvoker
{
    /// <summary>
    /// Cancels the enrolment and, once the core function has said so, deletes everything (33.122 6.8 step 5): keys are overwritten, the state
    /// file is overwritten and removed, connections are closed. A core function that does not know the API invoker any more has said so, too.
    /// </summary>
    /// <exception cref="CapifException">The core function refused; nothing was deleted. <see cref="Wipe"/> does so regardless.</exception>
    /// <exception cref="HttpRequestException">The core function cannot be reached; nothing was deleted.</exception>
    public async Task OffboardAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Core().SendAsync(
                "The offboarding", HttpMethod.Delete, $"{OnboardedInvokers}/{Uri.EscapeDataString(_identity.OnboardingId!)}", null,
                ClientJson.Default.Problem, cancellationToken);
        }
        catch (CapifException refused) when (refused.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            // It is offboarded already, by its expiry, by the operator, or by a request whose answer was lost.
        }

        Wipe();
    }

    /// <summary>Deletes everything without asking the core function; the API invoker is of no use afterwards.</summary>
    public void Wipe()
    {
        Dispose();
        if (_options.StateFile is { } path)
            StateFile.Wipe(path);
    }
}
