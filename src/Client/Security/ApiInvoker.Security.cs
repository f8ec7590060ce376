using System.Text.Json;

namespace CapifOrleans.Client;

/// <summary>Security methods (TS 33.122 6.3.1.2, 29.222 5.6).</summary>
public sealed partial class ApiInvoker
{
    /// <summary>
    /// Negotiates the security methods for these AEFs now, and replaces what was negotiated before; calls of service APIs do so by themselves
    /// when they must.
    /// </summary>
    /// <returns>The selected method by AEF.</returns>
    /// <exception cref="CapifException">The core function refused, or selected no method for one of them.</exception>
    public async Task<IReadOnlyDictionary<string, SecurityMethod>> NegotiateAsync(IReadOnlyCollection<string> aefIds, CancellationToken cancellationToken = default)
    {
        if (aefIds.Count == 0)
            throw new ArgumentException("There is no AEF to negotiate for.", nameof(aefIds));
        var security = Security();
        await security.NegotiateAsync(aefIds, anew: true, cancellationToken);
        return aefIds.Distinct().Select(one => (AefId: one, Method: security.MethodAt(one)))
            .Where(one => one.Method is not null).ToDictionary(one => one.AefId, one => one.Method!.Value);
    }

    /// <summary>
    /// Takes the body of a SecurityNotification (29.222 5.6.2.5: an authorization was revoked) that came to
    /// <see cref="ApiInvokerOptions.NotificationDestination"/>; 204 is to be answered to it. What was negotiated with the AEF is forgotten, its
    /// keys and tokens with it; the next call negotiates anew, and the core function decides.
    /// </summary>
    /// <returns>Whether it was about this API invoker; false asks for another look at who sent it.</returns>
    /// <exception cref="JsonException">It is no SecurityNotification.</exception>
    public bool Notified(ReadOnlyMemory<byte> securityNotification)
    {
        var notification = JsonSerializer.Deserialize(securityNotification.Span, ClientJson.Default.SecurityNotification)
            ?? throw new JsonException("There is no SecurityNotification.");
        if (notification.ApiInvokerId != ApiInvokerId)
            return false;
        Security().Forget(notification.AefId);
        return true;
    }
}
