using CapifOrleans.Frontend.Tls;
using CapifOrleans.Tls;

namespace CapifOrleans.Silo.Hosting;

/// <summary>Whose TLS the core listener runs on (<c>--tls</c>): as the operator says; by default OpenSSL's, where there is one.</summary>
internal static partial class TlsChoice
{
    /// <summary>Chooses, before anything listens.</summary>
    /// <exception cref="StartFailure">The operator wants OpenSSL, and it is not there.</exception>
    public static TlsStack Resolve(TlsStack? wanted, ILogger logger)
    {
        if (wanted == TlsStack.DotNet)
            return TlsStack.DotNet;
        if (OpenSslLibrary.Unavailable is not { } reason)
            return TlsStack.OpenSsl;
        if (wanted is not null)
            throw new StartFailure($"tls: {reason} Or choose --tls dotnet, without method PSK.");
        FellBack(logger, reason);
        return TlsStack.DotNet;
    }

    [LoggerMessage(1, LogLevel.Warning, "The core listener runs on .NET's TLS, and method PSK is not offered: {Reason}")]
    private static partial void FellBack(ILogger logger, string reason);
}
