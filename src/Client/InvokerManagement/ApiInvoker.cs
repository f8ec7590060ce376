using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace CapifOrleans.Client;

/// <summary>
/// An API invoker of CAPIF: onboarded at a core function, it discovers service APIs and calls them by the method that the core function
/// selects (TS 23.222, 29.222, 33.122). It may be used by many threads at a time. Disposing of it overwrites the keys in memory; the state
/// file stays, and <see cref="LoadAsync"/> goes on with it.
/// </summary>
public sealed partial class ApiInvoker : IDisposable
{
    private readonly ApiInvokerOptions _options;
    private readonly InvokerIdentity _identity;
    private readonly Lock _lock = new();
    private CoreConnection? _core;
    private SecurityContext? _security;
    private bool _disposed;

    private ApiInvoker(ApiInvokerOptions options, InvokerIdentity identity)
    {
        _options = options;
        _identity = identity;
    }

    /// <summary>Whether the onboarding is completed; false only after a core function answered that it would decide later.</summary>
    public bool IsOnboarded => _identity.ApiInvokerId is not null;

    /// <summary>The identifier that the core function gave.</summary>
    /// <exception cref="InvalidOperationException">The onboarding is not completed.</exception>
    public string ApiInvokerId => _identity.ApiInvokerId ?? throw NotOnboarded();

    /// <summary>A copy of its certificate, without the private key.</summary>
    /// <exception cref="InvalidOperationException">The onboarding is not completed.</exception>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate((_identity.Certificate ?? throw NotOnboarded()).RawData);

    /// <summary>Goes on with an API invoker from its <see cref="ApiInvokerOptions.StateFile"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Others than its owner may read it.</exception>
    /// <exception cref="CryptographicException">The password is wrong, or the file damaged.</exception>
    /// <exception cref="JsonException">It is no state file.</exception>
    public static async Task<ApiInvoker> LoadAsync(ApiInvokerOptions options, CancellationToken cancellationToken = default)
    {
        var path = options.StateFile ?? throw new ArgumentException("There is no StateFile to load from.", nameof(options));
        // Half a second of work, where there is a password.
        var identity = await Task.Run(
            () =>
            {
                var octets = StateFile.Read(path);
                try
                {
                    return StoredInvoker.Read(octets, options.StatePassword);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(octets);
                }
            },
            cancellationToken);
        return new ApiInvoker(options, identity);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _security?.Dispose();
        _core?.Dispose();
        _identity.Dispose();
    }

    /// <summary>CAPIF-1e: mutual TLS with the core function.</summary>
    private CoreConnection Core()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var certificate = _identity.Certificate ?? throw NotOnboarded();
            return _core ??= new CoreConnection(
                _identity.Core, ClientTls.CreateHandler(_identity.Roots, certificate, _identity.Chain), _options.Timeout);
        }
    }

    private SecurityContext Security()
    {
        var core = Core();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _security ??= new SecurityContext(_options, _identity, core);
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_options.StateFile is not { } path)
            return;
        await Task.Run(
            () =>
            {
                var octets = StoredInvoker.Write(_identity, _options.StatePassword);
                try
                {
                    StateFile.Write(path, octets);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(octets);
                }
            },
            cancellationToken);
    }

    private static InvalidOperationException NotOnboarded() => new("The onboarding of this API invoker is not completed.");
}
