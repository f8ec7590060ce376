using System.Diagnostics;
using System.Globalization;
using System.Net;
using CapifOrleans.EndToEnd.Hosting;
using CapifOrleans.Grains;
using CapifOrleans.Grains.Storage;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace CapifOrleans.EndToEnd.InvokerManagement;

/// <summary>
/// The process of the kill tests: this assembly, run by itself. It is the product's composition on a data folder, and kills itself (SIGKILL)
/// right after a step of a procedure was written down (<c>step NAME</c>), or right before the n-th write of what an
/// onboarding writes (<c>write N</c>). Nothing in the product can be made to do so.
/// </summary>
internal static class KilledCore
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var folder, var at, var what])
            return 2;
        var options = new SiloOptions
        {
            DataDirectory = folder,
            ListenAddress = IPAddress.Loopback,
            CorePort = 0,
            EnrolmentPort = 0,
            OperationsPort = 0,
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Warning,
        };
        await CoreHost.ConfigureAsync(options);
        await using var log = Console.OpenStandardError();
        await using var core = await CoreFunction.StartAsync(options, log, TimeProvider.System, services => Arm(services, at, what), default);
        await Console.Out.WriteLineAsync($"core {core.Core}");
        await Console.Out.FlushAsync();
        // Until it kills itself, or whoever started it is gone.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static void Arm(IServiceCollection services, string at, string what)
    {
        if (at == "step")
        {
            services.AddSingleton<IProcedureObserver>(new KillAtStep(what));
            return;
        }

        services.AddSingleton<IGrainStorageSerializer>(provider => new KillAtWrite(
            ActivatorUtilities.CreateInstance<GrainStateSerializer>(provider), int.Parse(what, CultureInfo.InvariantCulture)));
    }

    private static void KillSelf()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // SIGKILL may reach the other threads first: this one does nothing more.
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    private sealed class KillAtStep(string step) : IProcedureObserver
    {
        public Task StepDoneAsync(string procedure, string id, string done)
        {
            if (done == step)
                KillSelf();
            return Task.CompletedTask;
        }
    }

    private sealed class KillAtWrite(GrainStateSerializer inner, int write) : IGrainStorageSerializer
    {
        private int _left = write;

        public BinaryData Serialize<T>(T? input)
        {
            // What an onboarding writes, and nothing that the start of the process writes.
            if (typeof(T).Name is "ApiInvokerState" or "PublicKeyReservationState" && Interlocked.Decrement(ref _left) == 0)
                KillSelf();
            return inner.Serialize(input);
        }

        public T Deserialize<T>(BinaryData input) => inner.Deserialize<T>(input);
    }
}
