using System.Text.Json;
using CapifOrleans.GrainHost.Tests.Grains;
using CapifOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.GrainHost.Tests;

/// <summary>The host under test: this assembly's grains on a temporary folder. Another host needs another one of these, and nothing else.</summary>
public static class GrainHostFixture
{
    /// <summary>Starts a host whose grains use these gates.</summary>
    public static Task<TestGrainHost> StartAsync(
        Gates? gates = null, Action<GrainHostTuning>? configure = null, TimeProvider? time = null,
        Action<IServiceCollection>? services = null, string folder = "") =>
        TestGrainHost.StartAsync(options =>
        {
            options.GrainAssemblies.Add(typeof(GrainHostFixture).Assembly);
            options.Folder = folder;
            options.Time = time ?? TimeProvider.System;
            options.ConfigureServices(collection => collection.AddSingleton(gates ?? new Gates()));
            options.ConfigureServices(collection => collection.AddSingleton<IGrainStorageSerializer, ReflectionSerializer>());
            if (services is not null)
                options.ConfigureServices(services);
            if (configure is not null)
                options.ConfigureHost(configure);
        });

    private sealed class ReflectionSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span)!;
    }
}
