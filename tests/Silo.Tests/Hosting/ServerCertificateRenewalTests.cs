using CapifOrleans.Grains.Pki;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapifOrleans.Silo.Tests.Hosting;

public sealed class ServerCertificateRenewalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("capif-renewal-");

    [Fact]
    public async Task Certificate_IsReplacedWhenAThirdOfItsLifeIsLeft_NotBefore()
    {
        var time = new ManualTimeProvider();
        await using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddPki(new PkiOptions { Folder = _folder.FullName, LeafValidity = TimeSpan.FromDays(90) })
            .BuildServiceProvider();
        await using var renewal = new ServerCertificateRenewal(
            services.GetRequiredService<CertificateAuthorityStore>(),
            services.GetRequiredService<ICertificateIssuer>(),
            time,
            NullLogger<ServerCertificateRenewal>.Instance);
        var first = renewal.Certificate.Current;
        var expires = renewal.ExpiresAt;

        time.Advance(TimeSpan.FromDays(55));
        renewal.Renew();
        Assert.Same(first, renewal.Certificate.Current);

        time.Advance(TimeSpan.FromDays(10));
        renewal.Renew();
        Assert.NotSame(first, renewal.Certificate.Current);
        Assert.True(renewal.ExpiresAt >= expires + TimeSpan.FromDays(59));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
