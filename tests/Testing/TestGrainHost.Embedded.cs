using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace CapifOrleans.Testing;

public sealed partial class TestGrainHost
{
    internal const bool FollowsManualTime = true;
    private Task AbortAsync() => Services.GetRequiredService<EmbeddedGrainHost>().AbortAsync();

    private Task AddGrainHostAsync(HostApplicationBuilder builder, GrainHostTuning tuning)
    {
        builder.Services.AddEmbeddedGrainHost(options =>
        {
            options.DatabaseFile = Path.Combine(Folder, "state.db");
            foreach (var assembly in _options.GrainAssemblies)
                options.GrainAssemblies.Add(assembly);
            options.ResponseTimeout = tuning.ResponseTimeout ?? options.ResponseTimeout;
            options.MaxActivations = tuning.MaxActivations ?? options.MaxActivations;
            options.MinimumReminderPeriod = tuning.MinimumReminderPeriod ?? options.MinimumReminderPeriod;
            options.DrainTimeout = tuning.DrainTimeout ?? options.DrainTimeout;
        });
        return Task.CompletedTask;
    }
}
