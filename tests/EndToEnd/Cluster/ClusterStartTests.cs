using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace CapifOrleans.EndToEnd.Cluster;

/// <summary>Who gets into a cluster, and with which keys.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class ClusterStartTests : IAsyncLifetime
{
    // A refusal closes the connection within milliseconds, and on a busy machine within seconds.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private readonly Dictionary<string, string> _settings = [];
    private ClusterScene _scene = null!;

    public async Task InitializeAsync()
    {
        _scene = await ClusterScene.CreateAsync();
        await _scene.StartAsync("silo1", "silo", settings =>
        {
            foreach (var (name, value) in settings)
                _settings[name] = value;
        });
        await ClusterScene.CommandAsync("cluster", "certificate", "front", "--role", "frontend", "--folder", _scene.Authority);
        await ClusterScene.CommandAsync("cluster", "certificate", "silo9", "--role", "silo", "--folder", _scene.Authority);
        await ClusterScene.CommandAsync("cluster", "certificate", "stranger", "--role", "silo", "--folder", _scene.In("other"));
        await ClusterScene.CommandAsync("cluster", "certificate", "elsewhere", "--role", "silo", "--cluster-id", "another", "--folder", _scene.Authority);
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [Fact]
    public async Task Connections_AreLetInByCertificateAndRole()
    {
        var silo = int.Parse(_settings["CAPIF_SILO_PORT"], CultureInfo.InvariantCulture);
        var gateway = int.Parse(_settings["CAPIF_GATEWAY_PORT"], CultureInfo.InvariantCulture);
        Assert.True(await IsLetInAsync(silo, _scene.Authority, "silo9"));
        Assert.True(await IsLetInAsync(gateway, _scene.Authority, "silo9"));
        Assert.True(await IsLetInAsync(gateway, _scene.Authority, "front"));
        // A frontend is nobody among silos; neither is another authority's or another cluster's silo, anywhere.
        Assert.False(await IsLetInAsync(silo, _scene.Authority, "front"));
        foreach (var port in new[] { silo, gateway })
        {
            Assert.False(await IsLetInAsync(port, _scene.In("other"), "stranger"));
            Assert.False(await IsLetInAsync(port, _scene.Authority, "elsewhere"));
            Assert.False(await IsLetInAsync(port, _scene.Authority, null));
        }
    }

    [Fact]
    public async Task SecondSilo_WithAnotherKeyEncryptionKey_DoesNotStart()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _scene.StartAsync("silo2", "silo", settings => settings["CAPIF_KEY"] = "another key of sixteen characters"));
        Assert.Contains("key-file: is not the key that the cluster's secrets are encrypted with", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondSilo_HasTheKeysOfTheFirst_AndTheDatabaseShowsNone()
    {
        await _scene.StartAsync("silo2", "silo");
        foreach (var name in new[] { "issuing.pem", "issuing.key", "token-signing.json" })
        {
            Assert.Equal(
                await File.ReadAllTextAsync(Path.Combine(_scene.In("silo1"), "pki", name)), await File.ReadAllTextAsync(Path.Combine(_scene.In("silo2"), "pki", name)));
        }

        await using var database = NpgsqlDataSource.Create(_settings["CAPIF_DATABASE"]);
        await using var command = database.CreateCommand("SELECT count(*), count(*) FILTER (WHERE sealed LIKE '%BEGIN%' OR sealed LIKE '%{%') FROM capif_secret");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Assert.True(row.GetInt64(0) >= 5);
        Assert.Equal(0, row.GetInt64(1));
    }

    [Theory]
    [InlineData("CAPIF_CLUSTER_AUTHORITY", null, "cluster-certificate, cluster-certificate-key and cluster-authority go together")]
    [InlineData("CAPIF_KEY", null, "key-file: is not given")]
    [InlineData("CAPIF_DATABASE", null, "CAPIF_DATABASE: is not set")]
    [InlineData("CAPIF_CLUSTER_ID", "another", "is not valid for silo.another.capif.internal")]
    public async Task WrongSetting_StopsTheStartWithOneLine(string name, string? value, string line)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => _scene.StartAsync("silo3", "silo", settings =>
        {
            settings.Remove(name);
            if (value is not null)
                settings[name] = value;
        }));
        Assert.Contains(line, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SiloOnANetwork_NeedsCertificates()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => _scene.StartAsync("silo4", "silo", settings =>
        {
            settings["CAPIF_SILO_ADDRESS"] = "192.0.2.1";
            foreach (var name in settings.Keys.Where(name => name.StartsWith("CAPIF_CLUSTER_", StringComparison.Ordinal)).ToList())
                settings.Remove(name);
        }));
        Assert.Contains("is no loopback address", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Whether a silo leaves a connection open: it looks at the certificate when the handshake is over for the client already, and waits for the
    /// client to begin. Only a connection that is let in is waited for to the end.
    /// </summary>
    private static async Task<bool> IsLetInAsync(int port, string folder, string? name)
    {
        using var certificate = name is null ? null : X509Certificate2.CreateFromPemFile(Path.Combine(folder, name + ".pem"), Path.Combine(folder, name + ".key"));
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port);
#pragma warning disable CA5359 // Whom the silo takes is asked here, not whom we take.
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "silo.capif.capif.internal",
                EnabledSslProtocols = SslProtocols.Tls12,
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
            });
            return await tls.ReadAsync(new byte[1]).AsTask().WaitAsync(Silence) > 0;
        }
        catch (TimeoutException)
        {
            return true;
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            return false;
        }
    }
}
