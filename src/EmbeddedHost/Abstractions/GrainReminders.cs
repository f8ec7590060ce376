using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Reminders of a grain.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Registers a reminder, or replaces the one of this name; durable when it returns.</summary>
    /// <exception cref="InvalidOperationException">The grain is not an <see cref="IRemindable"/>.</exception>
    /// <exception cref="ArgumentException">The period is shorter than the least allowed one (1 min by default), or a time is negative.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        if (grain is not IRemindable)
            throw new InvalidOperationException($"{grain.GetType().Name} must implement {nameof(IRemindable)} to have reminders.");
        return Service(grain).RegisterAsync(grain.GrainContext.GrainId, reminderName, dueTime, period);
    }

    /// <summary>Ends a reminder; durable when it returns.</summary>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        Service(grain).UnregisterAsync(grain.GrainContext.GrainId, reminder.ReminderName);

    /// <summary>The reminder of this name; null when there is none.</summary>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        Task.FromResult(Service(grain).Find(grain.GrainContext.GrainId, reminderName));

    /// <summary>All reminders of this grain.</summary>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => Task.FromResult(Service(grain).Of(grain.GrainContext.GrainId));

    private static ReminderService Service(IGrainBase grain) => grain.GrainContext.ActivationServices.GetRequiredService<ReminderService>();
}
