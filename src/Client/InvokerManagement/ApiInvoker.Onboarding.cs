using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CapifOrleans.Client;

/// <summary>Onboarding (TS 33.122 6.1, 29.222 5.5.2.2).</summary>
public sealed partial class ApiInvoker
{
    private const string Onboarding = "The onboarding";
    private const string OnboardedInvokers = "api-invoker-management/v1/onboardedInvokers";

    /// <summary>
    /// Makes a key pair, sends its public key with the onboarding credential over server-authenticated TLS, and keeps the certificate that
    /// comes back. The TLS session ends with it (TS 33.122 B.1).
    /// </summary>
    /// <exception cref="CapifException">The core function refused.</exception>
    /// <exception cref="IOException">The state file is there already (use <see cref="LoadAsync"/>), or cannot be written; nothing was sent.</exception>
    /// <exception cref="HttpRequestException">The core function cannot be reached, or its certificate is not good.</exception>
    public static async Task<ApiInvoker> OnboardAsync(
        EnrolmentInformation information, ApiInvokerOptions options, CancellationToken cancellationToken = default)
    {
        if (options.StateFile is { } path)
            StateFile.Reserve(path);
        var invoker = new ApiInvoker(options, new InvokerIdentity(information.Core, information.Roots));
        try
        {
            await invoker.OnboardAsync(information, cancellationToken);
            return invoker;
        }
        catch
        {
            invoker.Dispose();
            if (options.StateFile is { } reserved)
                StateFile.Wipe(reserved);
            throw;
        }
    }

    /// <summary>
    /// Completes an onboarding that the core function decided about later (202): takes the body of the OnboardingNotification
    /// (29.222 8.4.4.2.7) that came to <see cref="ApiInvokerOptions.NotificationDestination"/>; 204 is to be answered to it.
    /// </summary>
    /// <exception cref="CapifException">The core function decided against it; the state file is gone.</exception>
    /// <exception cref="JsonException">It is no OnboardingNotification.</exception>
    /// <exception cref="InvalidOperationException">The onboarding is completed already.</exception>
    public async Task CompleteOnboardingAsync(ReadOnlyMemory<byte> onboardingNotification, CancellationToken cancellationToken = default)
    {
        if (IsOnboarded)
            throw new InvalidOperationException("The onboarding of this API invoker is completed already.");
        var notification = JsonSerializer.Deserialize(onboardingNotification.Span, ClientJson.Default.OnboardingNotification)
            ?? throw new JsonException("There is no OnboardingNotification.");
        if (!notification.Result)
        {
            Wipe();
            throw new CapifException($"{Onboarding} was refused.", HttpStatusCode.Forbidden);
        }

        var details = notification.EnrolmentDetails ?? throw new JsonException("There are no apiInvokerEnrolmentDetails in it.");
        var location = Uri.TryCreate(notification.ResourceLocation, UriKind.RelativeOrAbsolute, out var given) ? given : null;
        Accept(details, location);
        await SaveAsync(cancellationToken);
    }

    private async Task OnboardAsync(EnrolmentInformation information, CancellationToken cancellationToken)
    {
        var request = new EnrolmentDetails
        {
            OnboardingInformation = new OnboardingInformation { ApiInvokerPublicKey = _identity.PublicKey(_options.SendBarePublicKey) },
            NotificationDestination = _options.NotificationDestination.ToString(),
            ApiInvokerInformation = _options.ApiInvokerInformation,
            SupportedFeatures = "0",
        };
        using var connection = new CoreConnection(information.Core, ClientTls.CreateHandler(information.Roots), _options.Timeout);
        var answer = await connection.SendAsync(
            Onboarding, HttpMethod.Post, OnboardedInvokers, JsonBody.Of(request, ClientJson.Default.EnrolmentDetails), ClientJson.Default.EnrolmentDetails,
            cancellationToken, new AuthenticationHeaderValue("Bearer", information.Credential));
        if (answer.Status != HttpStatusCode.Accepted)
            Accept(answer.Required(Onboarding), answer.Location);
        // Whoever is onboarded must not forget it because somebody lost patience.
        await SaveAsync(CancellationToken.None);
    }

    private void Accept(EnrolmentDetails details, Uri? location)
    {
        var id = details.ApiInvokerId ?? throw new CapifException($"{Onboarding} was answered without an apiInvokerId.");
        var path = location?.OriginalString.Split('?', '#')[0].TrimEnd('/');
        var onboardingId = string.IsNullOrEmpty(path) ? id : Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        _identity.Accept(id, onboardingId, details.OnboardingInformation.ApiInvokerCertificate, details.OnboardingInformation.OnboardingSecret);
    }
}
