using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain class may implement without deriving from <see cref="Grain"/>.</summary>
public interface IGrainBase
{
    /// <summary>The activation that the object belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Called once, after state was read and before the first call.</summary>
    Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called when the activation ends. It may never be called.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The base of grain classes.</summary>
public abstract class Grain : IGrainBase
{
    /// <summary>The activation that this object belongs to.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>Takes the activation that is being made.</summary>
    protected Grain() => GrainContext = Activation.Current ?? throw new InvalidOperationException("Grains are made by the grain host only.");

    /// <summary>Makes references to other grains.</summary>
    protected internal IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The host's services.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <inheritdoc/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation as soon as the present turn is over; the next call makes another.</summary>
    protected void DeactivateOnIdle() =>
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateOnIdle was called."));
}

/// <summary>What grains can do beyond their base class.</summary>
public static class GrainExtensions
{
    /// <summary>The grain's key.</summary>
    public static string GetPrimaryKeyString(this IGrainBase grain) => ((Activation)grain.GrainContext).Id.Key;

    /// <summary>The grain's key.</summary>
    public static long GetPrimaryKeyLong(this IGrainBase grain) =>
        long.Parse(((Activation)grain.GrainContext).Id.Key, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A reference to this grain, by which it can be called from elsewhere, or call itself in a turn of its own.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IGrainBase grain)
        where TGrainInterface : IAddressable => ((Activation)grain.GrainContext).AsReference<TGrainInterface>();
}

/// <summary>Reminders of a grain.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Registers a reminder, or replaces the one of this name; durable when it returns.</summary>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        Reminders(grain).RegisterAsync(Id(grain), reminderName, dueTime, period);

    /// <summary>Ends a reminder; durable when it returns.</summary>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        Reminders(grain).UnregisterAsync(Id(grain), reminder.ReminderName);

    /// <summary>The reminder of this name; null when there is none.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) => Task.FromResult(Reminders(grain).Find(Id(grain), reminderName));

    private static ReminderService Reminders(IGrainBase grain) => grain.GrainContext.ActivationServices.GetRequiredService<ReminderService>();

    private static GrainId Id(IGrainBase grain) => ((Activation)grain.GrainContext).Id;
}

/// <summary>Timers of a grain.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Calls back in turns of this grain until it is disposed or the activation ends.</summary>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options) =>
        ((Activation)grain.GrainContext).RegisterTimer(callback, options);

    /// <inheritdoc cref="RegisterGrainTimer(IGrainBase, Func{CancellationToken, Task}, GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period) =>
        grain.RegisterGrainTimer(callback, new GrainTimerCreationOptions(dueTime, period));
}
