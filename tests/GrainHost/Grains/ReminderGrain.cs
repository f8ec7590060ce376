using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests.Grains;

[Alias("test.IReminderGrain")]
public interface IReminderGrain : IGrainWithStringKey
{
    [Alias("Register")]
    Task RegisterAsync(string name, TimeSpan dueTime, TimeSpan period);

    [Alias("Unregister")]
    Task<bool> UnregisterAsync(string name);

    /// <summary>The names of all reminders, in order, with commas between.</summary>
    [Alias("Names")]
    Task<string> NamesAsync();
}

[Alias("test.IUnremindableGrain")]
public interface IUnremindableGrain : IGrainWithStringKey
{
    [Alias("Register")]
    Task RegisterAsync();
}

[GrainType("reminder")]
public sealed class ReminderGrain(Gates gates) : Grain, IReminderGrain, IRemindable
{
    public async Task RegisterAsync(string name, TimeSpan dueTime, TimeSpan period) => await this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task<bool> UnregisterAsync(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
            return false;
        await this.UnregisterReminder(reminder);
        return true;
    }

    public async Task<string> NamesAsync() => string.Join(',', (await this.GetReminders()).Select(one => one.ReminderName).Order());

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        gates.Say($"{reminderName} at {status.CurrentTickTime.ToString("HH:mm", CultureInfo.InvariantCulture)}");
        gates.Say(reminderName);
        if (reminderName.StartsWith("fail", StringComparison.Ordinal))
            throw new WrongNumberException(1);
        if (reminderName.StartsWith("hold", StringComparison.Ordinal))
            await gates.OpenedAsync("go on");
    }
}

[GrainType("unremindable")]
public sealed class UnremindableGrain : Grain, IUnremindableGrain
{
    public Task RegisterAsync() => this.RegisterOrUpdateReminder("r", TimeSpan.Zero, TimeSpan.FromMinutes(1));
}
