namespace CapifOrleans.Client;

/// <summary>Calls of service APIs over CAPIF-2/2e (TS 33.122 6.5, 29.222 6.2).</summary>
public sealed partial class ApiInvoker
{
    /// <summary>
    /// A client for a service API. Addresses are relative to version: <c>GetAsync("subscriptions")</c> goes to
    /// <c>{apiRoot}/{apiName}/{apiVersion}/subscriptions</c>. See <see cref="CreateHandler"/> for what it does, and <see cref="AddressOf"/> for the base address.
    /// </summary>
    /// <exception cref="ArgumentException">The description names no address, or not this AEF or version.</exception>
    public HttpClient CreateClient(ServiceApiDescription api, AefProfile? profile = null, string? apiVersion = null) =>
        new(CreateHandler(api, profile, apiVersion)) { BaseAddress = AddressOf(api, profile, apiVersion) };

    /// <summary>
    /// A handler that negotiates the security method with the core function, initiates authentication at the AEF, and sends requests by the
    /// method that was selected: PSK, PKI or OAUTH. Keys and tokens are renewed before they expire. Where the AEF refuses them, does not know
    /// them, or says that the method has changed (TS 33.122 6.7), they are had anew, and the request is sent again, once by each way, if its body
    /// can be; one whose body cannot is answered with the refusal, and the next goes well. Requests to addresses outside the service API are not
    /// sent: they would carry its credentials. Several may share an API invoker; each is disposed of by itself.
    /// </summary>
    /// <param name="api">The service API, as discovery found it.</param>
    /// <param name="profile">The AEF; the first that offers a preferred method, where it is not given.</param>
    /// <param name="apiVersion">The version; the AEF's first, where it is not given.</param>
    /// <exception cref="ArgumentException">The description names no address, or not this AEF or version.</exception>
    public HttpMessageHandler CreateHandler(ServiceApiDescription api, AefProfile? profile = null, string? apiVersion = null) =>
        new ServiceApiHandler(Security(), ServiceApiAddress.Of(api, profile, apiVersion, _options.PreferredMethods));

    /// <summary>The address below which the resources of a service API lie at an AEF.</summary>
    /// <exception cref="ArgumentException">The description names no address, or not this AEF or version.</exception>
    public Uri AddressOf(ServiceApiDescription api, AefProfile? profile = null, string? apiVersion = null) =>
        ServiceApiAddress.Of(api, profile, apiVersion, _options.PreferredMethods).Base;
}
