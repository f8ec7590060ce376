using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Grains.Tests.Fakes;
using CapifOrleans.Pki;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Pki;

public sealed class RevocationTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private CapifHost _capif = null!;

    private ICertificateAuthorityGrain Authority => _capif.Host.Grain<ICertificateAuthorityGrain>("issuing");

    public async Task InitializeAsync() => _capif = await CapifHost.StartAsync(_time);

    public async Task DisposeAsync() => await _capif.DisposeAsync();

    [Fact]
    public async Task ListAfterARevocation_HasIt_AndIsKeptUntilTheNext()
    {
        var (before, _) = await ListAsync();
        var serial = await RevokeAsync();

        var (after, list) = await ListAsync();
        Assert.True(after > before);
        Assert.True(Has(list, serial));
        Assert.Equal(after, (await ListAsync()).Number);
    }

    [Fact]
    public async Task ManyAtOnce_AreAllOnTheListOfTheirOwnReturn()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var serial = await RevokeAsync();
            Assert.True(Has((await ListAsync()).List, serial));
        }));
    }

    [Fact]
    public async Task RevokedTwice_KeepsTheFirstTime()
    {
        var serial = await RevokeAsync();
        var first = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromHours(1));
        await RevokeAsync(serial);

        var known = Assert.Single(await Shard(serial).GetRevokedAsync(default));
        Assert.Equal(first, known.RevokedAt);
    }

    [Fact]
    public async Task KilledHost_KnowsRevocationsAndNumbersGoOn()
    {
        var serial = await RevokeAsync();
        var (before, _) = await ListAsync();

        await _capif.Host.KillAndRestartAsync();

        Assert.True(await Shard(serial).IsRevokedAsync(serial, default));
        var (after, list) = await ListAsync();
        Assert.True(after > before);
        Assert.True(Has(list, serial));
    }

    [Fact]
    public async Task ExpiredCertificate_LeavesTheNextList()
    {
        var serial = await RevokeAsync();
        _time.Advance(TimeSpan.FromDays(31));

        Assert.False(Has((await ListAsync()).List, serial));
    }

    [Fact]
    public async Task OperatorsCertificate_IsIdentifiedAfterARestart_AndNoOther()
    {
        var serial = SerialNumber.NewRandom();
        await Authority.RecordOperatorCertificateAsync(
            new OperatorCertificate { SerialNumber = serial, CommonName = "ops", Role = CallerRole.Superadmin, ExpiresAt = _time.GetUtcNow().AddDays(1) }, default);
        await _capif.Host.KillAndRestartAsync();

        var found = await Authority.IdentifyAsync(new PresentedCertificate { SerialNumber = serial, Thumbprint = "00" }, default);
        Assert.Equal(("ops", CallerRole.Superadmin), (found!.Id, found.Role));
        Assert.Null(await Authority.IdentifyAsync(new PresentedCertificate { SerialNumber = SerialNumber.NewRandom(), Thumbprint = "00" }, default));
    }

    private ICertificateRevocationGrain Shard(string serialNumber) => _capif.Host.Grain<ICertificateRevocationGrain>(serialNumber[..2]);

    private async Task<string> RevokeAsync(string? serialNumber = null)
    {
        var serial = serialNumber ?? SerialNumber.NewRandom();
        var now = _time.GetUtcNow();
        await Shard(serial).RevokeAsync(new RevokedCertificate { SerialNumber = serial, RevokedAt = now, ExpiresAt = now.AddDays(30) }, default);
        return serial;
    }

    private async Task<(long Number, CertificateRevocationListBuilder List)> ListAsync()
    {
        var der = await Authority.GetCrlAsync(default);
        var list = CertificateRevocationListBuilder.Load(der.AsSpan(), out var number, out _);
        return ((long)number, list);
    }

    // The builder can be asked only by taking an entry away.
    private static bool Has(CertificateRevocationListBuilder list, string serialNumber) => list.RemoveEntry(Convert.FromHexString(serialNumber));
}
