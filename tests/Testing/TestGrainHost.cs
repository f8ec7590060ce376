using System.Reflection;
using CapifOrleans.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace CapifOrleans.Testing;

/// <summary>
/// A grain host on a temporary folder, for tests of grains. It can be stopped and started on the same folder, in the orderly way or as if
/// the process had been killed.
/// </summary>
public sealed partial class TestGrainHost : IAsyncDisposable
{
    private readonly TestGrainHostOptions _options;
    private IHost _host = null!;
    private bool _isStopped;

    private TestGrainHost(TestGrainHostOptions options) => _options = options;

    /// <summary>Makes references to grains.</summary>
    public IClusterClient Grains => Services.GetRequiredService<IClusterClient>();

    /// <summary>The services of the running host; others after a restart.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The host's clock, where the test gave a manual one.</summary>
    public ManualTimeProvider Time => _options.Time as ManualTimeProvider ?? throw new InvalidOperationException("The host runs on the system's clock.");

    /// <summary>Where state is kept.</summary>
    public string Folder => _options.Folder;

    /// <summary>Starts a host; by default with the grains of <c>src/Grains</c> and their services, on the system's clock.</summary>
    public static async Task<TestGrainHost> StartAsync(Action<TestGrainHostOptions>? configure = null)
    {
        var options = new TestGrainHostOptions();
        configure?.Invoke(options);
        if (options.Folder.Length == 0)
        {
            options.Folder = Directory.CreateTempSubdirectory("capif-grains-").FullName;
            options.DeleteFolder = true;
        }

        var host = new TestGrainHost(options);
        await host.StartHostAsync();
        return host;
    }

    /// <summary>The grain of this interface with this key.</summary>
    public TGrainInterface Grain<TGrainInterface>(string key)
        where TGrainInterface : IGrainWithStringKey => Grains.GetGrain<TGrainInterface>(key);

    /// <summary>Stops in the orderly way; the services stay usable, and grains refuse calls.</summary>
    public async Task StopAsync()
    {
        if (!_isStopped)
            await _host.StopAsync();
        _isStopped = true;
    }

    /// <summary>Stops in the orderly way, and starts again on the same folder.</summary>
    public async Task RestartAsync()
    {
        await StopHostAsync();
        await StartHostAsync();
    }

    /// <summary>Ends as a killed process would, without finishing anything, and starts again on the same folder.</summary>
    public async Task KillAndRestartAsync()
    {
        await AbortAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await StartHostAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        if (_options.DeleteFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private async Task StartHostAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(_options.Time);
        if (_options.GrainAssemblies.Count == 0)
            _options.GrainAssemblies.Add(typeof(GrainServices).Assembly);
        if (_options.GrainAssemblies.Contains(typeof(GrainServices).Assembly))
            builder.Services.AddCapifGrains();

        foreach (var configure in _options.ServiceConfigurations)
            configure(builder.Services);
        var tuning = new GrainHostTuning();
        foreach (var configure in _options.HostConfigurations)
            configure(tuning);
        await AddGrainHostAsync(builder, tuning);
        _host = builder.Build();
        _isStopped = false;
        await _host.StartAsync();
    }

    private async Task StopHostAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

/// <summary>What a test wants of its grain host.</summary>
public sealed class TestGrainHostOptions
{
    internal List<Action<IServiceCollection>> ServiceConfigurations { get; } = [];

    internal List<Action<GrainHostTuning>> HostConfigurations { get; } = [];

    internal bool DeleteFolder { get; set; }

    /// <summary>Where state is kept; a temporary folder by default.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Where grain classes are looked for; by default <c>src/Grains</c>, with its services.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>The host's clock; the system's by default.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Adds services, or replaces those of the application. Runs again at each restart.</summary>
    public void ConfigureServices(Action<IServiceCollection> configure) => ServiceConfigurations.Add(configure);

    /// <summary>Changes options of the grain host.</summary>
    public void ConfigureHost(Action<GrainHostTuning> configure) => HostConfigurations.Add(configure);
}
